import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admitWrites, prepareRead } from "./statements.ts";
import { ALLOWED_READS, ALLOWED_WRITES } from "./testing/allowed.ts";
import { REFUSED_READS, REFUSED_WRITES } from "./testing/refused.ts";

const folder = mkdtempSync(join(tmpdir(), "teatree-gate-"));
const live = join(folder, "model.duckdb");
const file = join(folder, "secret.csv");
let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  writeFileSync(file, "a,b\n1,secret\n");
  // No lockdown here on purpose: the gate alone must hold.
  instance = await DuckDBInstance.create(live);
  connection = await instance.connect();
  await connection.run("SET GLOBAL errors_as_json = true");
  await connection.run("CREATE SCHEMA _teatree; CREATE TABLE _teatree.ledger AS SELECT 1 AS sequence");
  await connection.run(
    "CREATE TABLE t AS SELECT * FROM (VALUES (1::BIGINT, 'x'), (2, 'y'), (3, NULL)) v(a, b)",
  );
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

async function runWrites(sql: string): Promise<void> {
  for await (const admitted of admitWrites(connection, sql)) {
    await admitted.prepared.run();
    admitted.prepared.destroySync();
  }
}

async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof TeatreeError ? error.code : `not ours: ${String(error)}`;
  }
  return "let through";
}

const REFUSALS = ["statement_not_allowed", "sql_error", "table_not_found"];
const real = (sql: string) => sql.replaceAll("FILE", file).replaceAll("LIVE", live);

describe("a read", () => {
  test("that reaches beyond the model, writes, or is several statements is refused", async () => {
    const passed: string[] = [];
    for (const sql of REFUSED_READS) {
      const code = await refusalOf(async () => (await prepareRead(connection, real(sql))).run());
      if (!REFUSALS.includes(code)) passed.push(`${sql} → ${code}`);
    }
    expect(passed).toEqual([]);
    expect(REFUSED_READS.length).toBeGreaterThan(60);
  });

  test("that only reads the model is let through", async () => {
    for (const sql of ALLOWED_READS) {
      const prepared = await prepareRead(connection, sql).catch((error: unknown) => {
        throw new Error(`${sql}: ${String(error)}`);
      });
      await prepared.run();
    }
  });
});

describe("a slip of the pen", () => {
  test.each([
    ["selec 1", 1, 1],
    ["SELECT 1;\n  creat TABLE x (a INT)", 2, 3],
  ])("in the first word of %j is a syntax error at its place", async (sql, line, column) => {
    const thrown = await runWrites(sql).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "sql_error", details: { line, column } });
  });
});

describe("a write", () => {
  test("from the list of attacks is refused even where every statement before it is committed at once", async () => {
    const passed: string[] = [];
    for (const sql of REFUSED_WRITES) {
      const code = await refusalOf(() => runWrites(real(sql)));
      if (!REFUSALS.includes(code)) passed.push(`${sql} → ${code}`);
    }
    // Only the check before COMMIT sees what a rename does.
    expect(passed).toEqual(["CREATE VIEW x AS SELECT 1; ALTER VIEW x RENAME TO duckdb_views → let through"]);
    expect(REFUSED_WRITES.length).toBeGreaterThan(60);
    const ledger = await connection.runAndReadAll("SELECT count(*)::INTEGER FROM _teatree.ledger");
    expect(ledger.getRows()).toEqual([[1]]);
    expect(readFileSync(file, "utf8")).toBe("a,b\n1,secret\n");
    await connection.run("DROP VIEW main.duckdb_views");
  });

  test("that changes only the model is let through", async () => {
    for (const sql of ALLOWED_WRITES) {
      await connection.run("BEGIN");
      const outcome = await runWrites(sql).then(
        () => "let through",
        (error: unknown) => String(error),
      );
      await connection.run("ROLLBACK");
      expect(`${sql} → ${outcome}`).toBe(`${sql} → let through`);
    }
  });
});

describe("without the gate", () => {
  test("the same engine lets attacks through, so the lists are no straw men", async () => {
    const harmful = [
      "SELECT * FROM 'FILE'",
      "SELECT * FROM t set, 'FILE'",
      "SELECT * FROM t AS u JOIN t ON CASE WHEN true THEN true END, 'FILE'",
      'CREATE TABLE stolen AS TABLE "FILE"',
      "INSERT INTO t SELECT a, b FROM read_csv('FILE')",
      "SELECT * FROM query('FROM _tea' || 'tree.ledger')",
      "SELECT current_setting('temp_directory')",
      "COPY t TO 'LIVE.copy'",
      "CREATE MACRO lower(x) AS x",
      "DELETE FROM _teatree.ledger",
    ];
    await connection.run("BEGIN");
    for (const sql of harmful) await connection.run(real(sql));
    await connection.run("ROLLBACK");
  });
});

describe("an error", () => {
  test.each([
    ["SELECT 1;\nSELEC 2", 2, 1],
    ["SELECT 'ü', foo", 1, 13],
    ["CREATE TABLE z (i INTEGER);\n\n  SELECT *\n  FROM nothing", 4, 8],
    ["SELECT 1; COPY t TO 'x'", 1, 11],
    ["SELECT\n  '🦆', read_text('x')", 2, 8],
  ])("in %j stands at line %i, column %i of the whole text", async (sql, line, column) => {
    await connection.run("BEGIN");
    try {
      await expect(runWrites(sql)).rejects.toMatchObject({ details: { line, column } });
    } finally {
      await connection.run("ROLLBACK");
    }
  });
});
