import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { IntentId } from "@teatree/shared/contracts/ids";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { REFUSED_WRITES } from "../gate/testing/refused.ts";
import { openTestWriter, type TestWriter } from "./testing/test-writer.ts";

let t: TestWriter;
const open = async () => {
  t = await openTestWriter();
};
const close = () => t.close();

/** A model of its own for every test. */
function fresh(): void {
  beforeEach(open);
  afterEach(close);
}

/** One model for a group whose tests do not mind each other: a writer's process takes a while to start. */
function shared(): void {
  beforeAll(open);
  afterAll(close);
}

describe("an intent", () => {
  fresh();

  test("is applied with its changes and answered from the ledger the second time", async () => {
    const item = t.item({ function: "append", args: { table: "t", rows: [{ a: 1 }, { a: 2 }] } });
    const first = await t.writer.apply(item);
    expect(first).toMatchObject({
      status: "applied",
      changes: [{ table: "t", rowsBefore: null, rowsAfter: 2 }],
      written: ["t"],
      replayed: false,
    });
    const again = await t.writer.apply(item);
    // Which tables only grew is told once: the ledger does not keep it, and the archive then takes the whole table.
    const { appended: _appended, ...kept } = first;
    expect(again).toEqual({ ...kept, replayed: true });
    expect(await t.rows("SELECT count(*) FROM t")).toEqual([[2]]);
    expect(t.writer.ledgerHead).toBe(item.sequence + 1);
  });

  test("that fails leaves nothing but its row in the ledger", async () => {
    await t.run("sql", { sql: "CREATE TABLE t AS SELECT 1 AS a" });
    const failed = await t.run("sql", { sql: "INSERT INTO t VALUES (2);\nINSERT INTO tt VALUES (3)" });
    expect(failed).toMatchObject({
      status: "failed",
      error: { code: "sql_error", line: 2, column: 13, message: expect.stringContaining('Did you mean "t"') },
      changes: [],
    });
    expect(await t.rows("FROM t")).toEqual([[1]]);
    expect(await t.writer.outcomesAfter(0)).toHaveLength(3);
  });

  test("with a verdict is recorded and not run", async () => {
    const error = { code: "base_version_stale", message: "The model has moved on." };
    const outcome = await t.run(
      "sql",
      { sql: "CREATE TABLE never AS SELECT 1" },
      { verdict: { status: "failed", error } },
    );
    expect(outcome).toMatchObject({ status: "failed", error });
    expect(await t.writer.tables()).toEqual([]);
  });

  test("tells what happens while it runs", async () => {
    await t.run("sql", { sql: "CREATE TABLE t AS SELECT 1 AS a; INSERT INTO t VALUES (2)" });
    const lines = t.events.flatMap((event) => (event.kind === "log" ? [`${event.level} ${event.line}`] : []));
    expect(lines.slice(1)).toEqual([
      "sql CREATE TABLE t AS SELECT 1 AS a",
      "sql INSERT INTO t VALUES (2)",
      "info 1 rows changed",
      "info ledger row written",
      "info commit",
    ]);
  });
});

describe("a checkpoint", () => {
  fresh();

  test("empties the log, carries the version's identity, and tells the tables with hashes that move only with their content", async () => {
    await t.run("append", { table: "a", rows: [{ x: 1 }] });
    await t.run("append", { table: "b", rows: [{ x: 1 }] });
    const one = await t.checkpoint(1);
    expect(one).toMatchObject({ ledgerHead: 2, storageVersion: "v1.4.0", blockSize: 65_536 });
    expect(existsSync(`${t.liveFile}.wal`) ? statSync(`${t.liveFile}.wal`).size : 0).toBe(0);
    await t.run("append", { table: "a", rows: [{ x: 2 }] });
    await t.run("update", { table: "b", set: { x: 5 }, where: { x: 99 } });
    const two = await t.checkpoint(2);
    const hash = (state: typeof one, name: string) =>
      state.tables.find((table) => table.name === name)?.contentHash;
    expect(hash(two, "a")).not.toBe(hash(one, "a"));
    expect(hash(two, "b")).toBe(hash(one, "b"));
    expect(two.tables[0]).toMatchObject({
      name: "a",
      rows: 2,
      columns: [{ name: "x", type: "BIGINT", nullable: true }],
    });
    const copy = join(t.folder, "copy.duckdb");
    copyFileSync(t.liveFile, copy);
    const instance = await DuckDBInstance.create(copy, { access_mode: "READ_ONLY" });
    const connection = await instance.connect();
    const info = await connection.runAndReadAll("SELECT model::VARCHAR, version FROM _teatree.version_info");
    expect(info.getRows()).toEqual([[t.modelId, 2]]);
    connection.closeSync();
    instance.closeSync();
    await t.writer.close();
    await t.reopen();
    expect(await t.writer.tables()).toEqual(two.tables);
  });
});

describe("a crash", () => {
  fresh();

  test("in the middle of an intent leaves the state before it, and the intent runs again", async () => {
    await t.run("sql", { sql: "CREATE TABLE t AS SELECT 1 AS a" });
    const item = t.item({
      function: "sql",
      args: { sql: "INSERT INTO t VALUES (2); INSERT INTO t SELECT range FROM range(1000000000000)" },
    });
    const applying = t.writer.apply(item);
    applying.catch(() => undefined);
    await expect
      .poll(() => t.events.some((e) => e.kind === "log" && e.line.includes("1000000000000")))
      .toBe(true);
    process.kill(t.writer.pid, "SIGKILL");
    await expect(applying).rejects.toMatchObject({ code: "crashed" });
    await t.reopen();
    expect(await t.writer.outcomesAfter(0)).toHaveLength(1);
    const small = { ...item, call: { function: "sql" as const, args: { sql: "INSERT INTO t VALUES (2)" } } };
    expect(await t.writer.apply(small)).toMatchObject({ status: "applied", replayed: false });
    expect(await t.rows("SELECT sum(a) FROM t")).toEqual([[3]]);
  });

  test("at any moment of 40 appends loses and doubles none", async () => {
    const items = Array.from({ length: 40 }, (_, i) =>
      t.item({ function: "append", args: { table: "t", rows: [{ i }] } }),
    );
    let kills = 0;
    for (let at = 0; at < items.length; ) {
      const item = items[at];
      if (!item) break;
      const applying = t.writer.apply(item);
      if (at % 8 === 3 && kills <= at / 8) {
        kills += 1;
        process.kill(t.writer.pid, "SIGKILL");
      }
      try {
        await applying;
        at += 1;
      } catch {
        await t.writer.exited;
        await t.reopen();
      }
    }
    expect(kills).toBe(5);
    expect(await t.rows("SELECT count(*), count(DISTINCT i), sum(i) FROM t")).toEqual([[40, 40, 780]]);
  });
});

describe("stopping", () => {
  shared();

  test("a cancelled intent is rolled back and recorded as cancelled; the next one runs", async () => {
    const item = t.item({
      function: "sql",
      args: { sql: "CREATE TABLE big AS SELECT range FROM range(1000000000000)" },
    });
    const applying = t.writer.apply(item);
    await expect.poll(() => t.events.some((e) => e.kind === "log" && e.level === "sql")).toBe(true);
    expect(t.writer.cancel(item.intentId)).toBe(true);
    expect(await applying).toMatchObject({ status: "cancelled", error: { code: "cancelled" } });
    expect(t.writer.cancel(item.intentId)).toBe(false);
    expect(await t.rows("SELECT 1")).toEqual([[1]]);
  });

  test("an abort before anything ran cancels too", async () => {
    const item = t.item({ function: "sql", args: { sql: "CREATE TABLE t AS SELECT 1" } });
    expect(await t.writer.apply(item, AbortSignal.abort())).toMatchObject({ status: "cancelled" });
    expect(await t.writer.tables()).toEqual([]);
  });

  test("an endless statement ends at its limit as query_timeout", async () => {
    const sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n";
    const outcome = await t.run("sql", { sql }, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "query_timeout" } });
    expect(outcome.durationMs).toBeLessThan(2_000);
  });

  test("what cannot be interrupted is killed two seconds after its limit", async () => {
    const sql =
      "SELECT length(regexp_replace(repeat('x', 1500000000), 'y', 'z')), length(repeat('x', 2000000000))";
    const small = t.run("sql", { sql }, { timeoutMs: 200 });
    const code = await small.then(
      (outcome) => outcome.error?.code ?? "applied",
      (error: { code: string }) => error.code,
    );
    // Which of the two depends on where the engine looks for interrupts.
    expect(["crashed", "query_timeout", "out_of_memory"]).toContain(code);
    if (code === "crashed") await t.reopen();
    expect(await t.rows("SELECT 1")).toEqual([[1]]);
  });

  test("out of memory is an outcome, and the next intent is unharmed", async () => {
    const sql = "SELECT list(range) FROM range(200000000)";
    expect(await t.run("sql", { sql })).toMatchObject({ status: "failed", error: { code: "out_of_memory" } });
    expect(await t.rows("SELECT 1")).toEqual([[1]]);
  });
});

describe("the gate in the writer", () => {
  shared();

  test("refuses every attack, changes no file and no ledger row, and the model goes on working", async () => {
    await t.run("sql", { sql: "CREATE TABLE t AS SELECT * FROM (VALUES (1::BIGINT, 'x')) v(a, b)" });
    const secret = join(t.staging, "secret.csv");
    const content = "a,b\n1,secret\n";
    t.upload("secret.csv", content);
    const { uploads } = t.upload("other.csv", content);
    const path = Object.values(uploads ?? {})[0]?.path ?? secret;
    const applied: string[] = [];
    for (const attack of REFUSED_WRITES) {
      const sql = attack.replaceAll("FILE", path).replaceAll("LIVE", t.liveFile);
      const outcome = await t.run("sql", { sql });
      const code = outcome.error?.code;
      if (outcome.status !== "failed" || !["statement_not_allowed", "sql_error"].includes(code ?? "")) {
        applied.push(`${sql} → ${outcome.status} ${code}`);
      }
      expect(outcome.error?.message ?? "").not.toContain(t.folder);
    }
    expect(applied).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(await t.run("sql", { sql: "INSERT INTO t VALUES (2, 'y')" })).toMatchObject({ status: "applied" });
    expect(await t.rows("SELECT count(*) FROM t")).toEqual([[2]]);
    const outcomes = await t.writer.outcomesAfter(0);
    expect(outcomes).toHaveLength(REFUSED_WRITES.length + 3);
  });

  test("leaves nothing temporary for the next intent", async () => {
    await t.run("sql", {
      sql: "CREATE OR REPLACE TABLE t AS SELECT 1 AS a; CREATE TEMP TABLE step AS FROM t; CREATE TEMP MACRO m() AS 1",
    });
    expect(await t.run("sql", { sql: "FROM step" })).toMatchObject({ status: "failed" });
    expect(await t.run("sql", { sql: "SELECT m()" })).toMatchObject({ status: "failed" });
    expect((await t.writer.tables()).map((table) => table.name)).toEqual(["t"]);
  });
});

describe("recovery", () => {
  fresh();

  test("tells every outcome above a position, in order", async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()].map((id) => IntentId.parse(id));
    for (const intentId of ids) {
      await t.run("append", { table: "t", rows: [{ a: 1 }] }, { intentId });
    }
    await t.writer.close();
    await t.reopen();
    expect(t.writer.ledgerHead).toBe(3);
    const outcomes = await t.writer.outcomesAfter(1);
    expect(outcomes.map((outcome) => outcome.intentId)).toEqual(ids.slice(1));
    expect(outcomes[1]).toMatchObject({
      changes: [{ table: "t", rowsBefore: 2, rowsAfter: 3 }],
      replayed: true,
    });
  });

  test("a second writer on the same file is refused while the first lives", async () => {
    await expect(t.reopen()).rejects.toMatchObject({ code: "sql_error" });
  });
});
