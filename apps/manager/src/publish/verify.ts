import { DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { z } from "zod";

/** What a snapshot must hold to be believed. */
export type Expectation = {
  version: number;
  ledgerHead: number;
  tables: { name: string; rows: number }[];
};

export interface Verifier {
  /** Opens the file read-only with DuckDB; throws `internal` saying what differs. */
  verify(path: string, expected: Expectation): Promise<void>;
}

const Count = z.coerce.number();

/** A warm instance that attaches the file: 2 ms instead of the 11 ms of a fresh one. Run it outside of the writer's process. */
export async function openVerifier(): Promise<Verifier> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "512MB",
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();

  async function numbers(sql: string): Promise<number[]> {
    const rows = await connection.runAndReadAll(sql);
    return rows.getRows().map(([value]) => Count.parse(value ?? 0));
  }

  async function compare(expected: Expectation): Promise<void> {
    const [head] = await numbers("SELECT max(sequence) FROM candidate._teatree.ledger");
    if (head !== expected.ledgerHead)
      throw differs(`its ledger ends at ${head}, not at ${expected.ledgerHead}`);
    const [version] = await numbers("SELECT max(version) FROM candidate._teatree.version_info");
    if (version !== expected.version) throw differs(`it says version ${version}, not ${expected.version}`);
    if (expected.tables.length === 0) return;
    const counts = await numbers(
      expected.tables
        .map(({ name }) => `SELECT count(*) FROM candidate.${quotedName(name)}`)
        .join(" UNION ALL "),
    );
    for (const [index, { name, rows }] of expected.tables.entries()) {
      if (counts[index] !== rows) throw differs(`table ${name} has ${counts[index]} rows, not ${rows}`);
    }
  }

  return {
    async verify(path, expected) {
      await connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS candidate (READ_ONLY)`);
      try {
        await compare(expected);
      } finally {
        await connection.run("DETACH candidate");
      }
    },
  };
}

function differs(how: string): TeatreeError {
  return new TeatreeError("internal", `The copy is not the version it should be: ${how}.`);
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
