import type { DuckDBConnection } from "@duckdb/node-api";
import { JobError } from "@teatree/shared/contracts/errors";
import { IntentId } from "@teatree/shared/contracts/ids";
import { JobResult, TableChange } from "@teatree/shared/contracts/jobs";
import { z } from "zod";
import { rowsOf, WholeNumber } from "./engine.ts";
import { runPrepared } from "./prepared.ts";
import type { WriterOutcome } from "./protocol.ts";

/** Tables an intent wrote: name → hash of the content it left, null when it dropped the table. */
export const WrittenTables = z.record(z.string(), z.string().nullable());
export type WrittenTables = z.infer<typeof WrittenTables>;

function json<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}

const LedgerRow = z
  .tuple([
    IntentId,
    WholeNumber,
    z.enum(["applied", "failed", "cancelled"]),
    json(JobError).nullable(),
    json(z.array(TableChange)),
    json(JobResult).nullable(),
    json(WrittenTables),
    json(z.array(z.string())),
    z.number(),
  ])
  .transform(
    ([
      intentId,
      sequence,
      status,
      error,
      changes,
      result,
      written,
      derivedFrom,
      durationMs,
    ]): WriterOutcome => ({
      intentId,
      sequence,
      status,
      ...(error ? { error } : {}),
      changes,
      ...(result ? { result } : {}),
      written: Object.keys(written),
      derivedFrom,
      durationMs,
      replayed: true,
    }),
  );

const COLUMNS =
  "intent_id::VARCHAR, sequence, status, error, changes, result, written, derived_from, duration_ms";

/** Makes our own schema in a new file. Rows are JSON text, so that a reader without the JSON extension opens the file. */
export async function createLedger(connection: DuckDBConnection): Promise<void> {
  for (const statement of [
    "CREATE SCHEMA IF NOT EXISTS model._teatree",
    `CREATE TABLE IF NOT EXISTS model._teatree.ledger (
       intent_id UUID PRIMARY KEY, sequence UBIGINT NOT NULL, status VARCHAR NOT NULL, error VARCHAR,
       changes VARCHAR NOT NULL, result VARCHAR, written VARCHAR NOT NULL, derived_from VARCHAR NOT NULL,
       duration_ms DOUBLE NOT NULL, applied_at TIMESTAMP NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS model._teatree.version_info (
       model UUID, version INTEGER, parent INTEGER, created_at TIMESTAMP, parent_hash VARCHAR, intents UUID[])`,
  ]) {
    await connection.run(statement);
  }
}

/** The outcome of an intent that was decided before; undefined when it is new. */
export async function findOutcome(
  connection: DuckDBConnection,
  intentId: string,
): Promise<WriterOutcome | undefined> {
  const found = await runPrepared(
    connection,
    `SELECT ${COLUMNS} FROM model._teatree.ledger WHERE intent_id = $1::UUID`,
    [intentId],
  );
  const rows = await found.getRows();
  return rows[0] && LedgerRow.parse(rows[0]);
}

/** Every outcome above a sequence, in order. */
export async function outcomesAfter(
  connection: DuckDBConnection,
  sequence: number,
): Promise<WriterOutcome[]> {
  const rows = await rowsOf(
    connection,
    `SELECT ${COLUMNS} FROM model._teatree.ledger WHERE sequence > $1 ORDER BY sequence`,
    [BigInt(sequence)],
  );
  return rows.map((row) => LedgerRow.parse(row));
}

export async function ledgerHead(connection: DuckDBConnection): Promise<number> {
  const rows = await rowsOf(
    connection,
    "SELECT coalesce(system.main.max(sequence), 0) FROM model._teatree.ledger",
  );
  return WholeNumber.parse(rows[0]?.[0]);
}

/** Content hashes as the last intent that wrote each table left them. */
export async function contentHashes(
  connection: DuckDBConnection,
  catalog = "model",
): Promise<Map<string, string>> {
  const rows = await rowsOf(
    connection,
    `SELECT written FROM "${catalog}"._teatree.ledger WHERE written <> '{}' ORDER BY sequence`,
  );
  const hashes = new Map<string, string>();
  for (const [text] of rows) {
    const written = WrittenTables.parse(JSON.parse(String(text)));
    for (const [table, hash] of Object.entries(written)) {
      if (hash === null) hashes.delete(table);
      else hashes.set(table, hash);
    }
  }
  return hashes;
}

/** A number that differs when a row of the ledger came, went or changed. */
export async function ledgerPrint(connection: DuckDBConnection): Promise<string> {
  const rows = await rowsOf(
    connection,
    `SELECT system.main.count(*), system.main.bit_xor(system.main.hash(intent_id, sequence, status, written))
     FROM model._teatree.ledger`,
  );
  return String(rows[0]);
}

/** Adds the row that makes an intent done. Belongs in the transaction of its effect. */
export async function recordOutcome(
  connection: DuckDBConnection,
  outcome: WriterOutcome,
  written: WrittenTables,
): Promise<void> {
  await runPrepared(
    connection,
    `INSERT INTO model._teatree.ledger VALUES
       ($1::UUID, $2, $3, $4, $5, $6, $7, $8, $9, make_timestamp($10::BIGINT))`,
    [
      outcome.intentId,
      BigInt(outcome.sequence),
      outcome.status,
      outcome.error ? JSON.stringify(outcome.error) : null,
      JSON.stringify(outcome.changes),
      outcome.result ? JSON.stringify(outcome.result) : null,
      JSON.stringify(written),
      JSON.stringify(outcome.derivedFrom),
      outcome.durationMs,
      BigInt(Date.now()) * 1000n,
    ],
  );
}
