import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { quoteText } from "./engine.ts";
import { recordOutcome, WrittenTables } from "./ledger.ts";
import { WriterOutcome } from "./protocol.ts";

/** An intent whose effect is that the file as it lies there becomes the model's. */
export const LedgerContinuation = z.object({
  /** A copy of the model's file so far, in staging: the rows of its ledger that this one lacks are taken over. */
  ledgerFrom: z.string().optional(),
  outcome: WriterOutcome,
  written: WrittenTables,
});
export type LedgerContinuation = z.infer<typeof LedgerContinuation>;

const BEFORE = "teatree_before";

/** Makes the ledger of a file that takes the place of another go on where that one's ended, with one row more. */
export async function continueLedger(
  connection: DuckDBConnection,
  { ledgerFrom, outcome, written }: LedgerContinuation,
): Promise<void> {
  if (ledgerFrom !== undefined)
    await connection.run(`ATTACH ${quoteText(ledgerFrom)} AS ${BEFORE} (READ_ONLY)`);
  try {
    await connection.run("BEGIN TRANSACTION");
    if (ledgerFrom !== undefined) {
      await connection.run(
        `INSERT INTO model._teatree.ledger BY NAME
         SELECT * FROM ${BEFORE}._teatree.ledger WHERE intent_id NOT IN (SELECT intent_id FROM model._teatree.ledger)`,
      );
    }
    await recordOutcome(connection, outcome, written);
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    if (ledgerFrom !== undefined) await connection.run(`DETACH ${BEFORE}`);
  }
}

/** Copies everything of another file, in staging, into a new one: what was dead space there is left out. */
export async function copyDatabase(connection: DuckDBConnection, from: string): Promise<void> {
  await connection.run(`ATTACH ${quoteText(from)} AS ${BEFORE} (READ_ONLY)`);
  try {
    await connection.run(`COPY FROM DATABASE ${BEFORE} TO model`);
  } finally {
    await connection.run(`DETACH ${BEFORE}`);
  }
}
