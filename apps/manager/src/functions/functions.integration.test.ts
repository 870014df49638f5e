import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestWriter, type TestWriter } from "../writer/testing/test-writer.ts";

let t: TestWriter;
beforeAll(async () => {
  t = await openTestWriter();
});
afterAll(async () => {
  await t.close();
});

let count = 0;
function name(): string {
  count += 1;
  return `table ${count}`;
}

async function columnsOf(table: string): Promise<Record<string, string>> {
  const found = (await t.writer.tables()).find((one) => one.name === table);
  return Object.fromEntries((found?.columns ?? []).map((column) => [column.name, column.type]));
}

describe("append", () => {
  test("makes the table with types that fit all rows", async () => {
    const table = name();
    const rows = [
      { i: 1, r: 1, ok: true, d: "2020-01-31", at: "2020-01-31T10:00:00+02:00", s: "007", none: null },
      {
        i: 2,
        r: 1.5,
        ok: null,
        d: null,
        at: "2020-01-31T10:00:00Z",
        s: "x",
        l: [1, 2],
        o: { a: 1, b: ["x"] },
      },
    ];
    expect(await t.run("append", { table, rows })).toMatchObject({
      status: "applied",
      changes: [{ table, rowsBefore: null, rowsAfter: 2 }],
    });
    expect(await columnsOf(table)).toEqual({
      i: "BIGINT",
      r: "DOUBLE",
      ok: "BOOLEAN",
      d: "DATE",
      at: "TIMESTAMP",
      s: "VARCHAR",
      none: "VARCHAR",
      l: "BIGINT[]",
      o: "STRUCT(a BIGINT, b VARCHAR[])",
    });
    expect(await t.rows(`FROM "${table}" ORDER BY i`)).toEqual([
      [1, 1, true, "2020-01-31", "2020-01-31T08:00:00", "007", null, null, null],
      [2, 1.5, null, null, "2020-01-31T10:00:00", "x", null, [1, 2], { a: 1, b: ["x"] }],
    ]);
  });

  test("takes every type back as the model's own JSON gives it", async () => {
    const from = name();
    const into = name();
    const types = `1::TINYINT a, 200::UTINYINT b, -5::SMALLINT c, 7::INTEGER d, 9223372036854775807::BIGINT e,
      170141183460469231731687303715884105727::HUGEINT f, 1.25::DECIMAL(9,2) g, 12345678901234567.89::DECIMAL(20,2) h, 0.1::FLOAT i,
      'nan'::DOUBLE j, 'ü🦆'::VARCHAR k, '\\xAA\\x00'::BLOB l, uuid() m, DATE '2020-02-29' n, TIME '12:00:01.5' o,
      TIMESTAMP '2020-01-01 00:00:00.123456' p, TIMESTAMPTZ '2020-01-01 00:00:00+02' q, [[1],[2,NULL]] r, {'x': 1.5::DECIMAL(4,1), 'y': [DATE '2020-01-01']} s,
      'b'::ENUM('a', 'b') t, [1,2,3]::INTEGER[3] u, TIMESTAMP_NS '2020-01-01 00:00:00.123456789' v, ['\\xAA'::BLOB] w,
      MAP {'k': [1, NULL], 'l': []} x, [MAP {1: 'a'}] y, INTERVAL 3 DAY z`;
    await t.run("sql", {
      sql: `CREATE TABLE "${from}" AS SELECT ${types}; CREATE TABLE "${into}" AS FROM "${from}" LIMIT 0`,
    });
    const read = await t.run("sql", { sql: `FROM "${from}"` });
    const values = read.result?.rows[0] ?? [];
    const row = Object.fromEntries(
      (read.result?.columns ?? []).map((column, index) => [column.name, values[index]]),
    );
    expect(await t.run("append", { table: into, rows: [row] })).toMatchObject({ status: "applied" });
    expect(await t.rows(`FROM "${from}" EXCEPT FROM "${into}"`)).toEqual([]);
  });

  test.each([
    [{ a: 1.5 }, 'Row 2, column "a": expected a whole number, got 1.5.'],
    [{ a: "x" }, 'Row 2, column "a": expected a whole number, got "x".'],
    [{ a: 3000000000 }, 'Row 2, column "a": 3000000000 does not fit INTEGER.'],
    [{ b: 5 }, 'Row 2, column "b": expected text, got 5.'],
    [{ c: "2020-02-30" }, 'Row 2, column "c": expected a date such as 2020-01-31, got "2020-02-30".'],
    [{ d: 1.234 }, 'Row 2, column "d": 1.234 has more than 2 digits after the point.'],
    [{ a: null }, 'Row 2, column "a": must not be null.'],
    [{ b: "no key" }, 'Row 2, column "a": is missing and must not be null.'],
    [{ a: 1, e: [1, "x"] }, 'Row 2, column "e": element 2: expected a whole number, got "x".'],
    [{ a: 1, nam: 1 }, /has no column "nam". Did you mean "name"\?/],
  ])("refuses %j and says where", async (row, message) => {
    const table = name();
    const columns = "a INTEGER NOT NULL, b VARCHAR, c DATE, d DECIMAL(5,2), e BIGINT[], name VARCHAR";
    await t.run("sql", { sql: `CREATE TABLE "${table}" (${columns})` });
    const outcome = await t.run("append", {
      table,
      rows: [{ a: 1 }, "a" in row || "b" in row ? row : { a: 1, ...row }],
    });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid_data" } });
    if (typeof message === "string") expect(outcome.error?.message).toBe(message);
    else expect(outcome.error?.message).toMatch(message);
    expect(await t.rows(`SELECT count(*) FROM "${table}"`)).toEqual([[0]]);
  });

  test("fills what a row leaves out with the column's default", async () => {
    const table = name();
    await t.run("sql", {
      sql: `CREATE SEQUENCE ids START 5; CREATE TABLE "${table}" (id BIGINT DEFAULT nextval('ids'), a INTEGER DEFAULT 9, b VARCHAR)`,
    });
    await t.run("append", { table, rows: [{ b: "x" }, { a: 1, b: "y" }, { a: null, id: 1 }] });
    expect(await t.rows(`FROM "${table}"`)).toEqual([
      [5, 9, "x"],
      [6, 1, "y"],
      [1, null, null],
    ]);
  });

  test("works with names that need quoting", async () => {
    const table = `we"ird; DROP TABLE x -- 'ü 🦆`;
    const column = `co"l'umn, ünï`;
    await t.run("append", { table, rows: [{ [column]: 1 }] });
    expect(await t.run("append", { table, rows: [{ [column]: 2 }] })).toMatchObject({
      changes: [{ table, rowsBefore: 1, rowsAfter: 2 }],
    });
    await t.run("update", { table, set: { [column]: 3 }, where: { [column]: [2, null] } });
    await t.run("delete", { table, where: { [column]: 1 } });
    expect((await t.writer.tables()).find((one) => one.name === table)).toMatchObject({ rows: 1 });
  });
});

describe("upsert", () => {
  test("replaces by key, adds the rest, and keeps what a row leaves out", async () => {
    const table = name();
    await t.run("append", {
      table,
      rows: [
        { id: 1, a: "x", b: 1 },
        { id: 2, a: "y", b: 2 },
      ],
    });
    const outcome = await t.run("upsert", {
      table,
      key: ["id"],
      rows: [
        { id: 2, a: "new" },
        { id: 3, a: null, b: 3 },
      ],
    });
    expect(outcome).toMatchObject({ status: "applied", changes: [{ rowsBefore: 2, rowsAfter: 3 }] });
    expect(await t.rows(`FROM "${table}" ORDER BY id`)).toEqual([
      [1, "x", 1],
      [2, "new", 2],
      [3, null, 3],
    ]);
  });

  test("makes the table, and works on one with a primary key and lists", async () => {
    const made = name();
    expect(await t.run("upsert", { table: made, key: ["k"], rows: [{ k: "a" }] })).toMatchObject({
      status: "applied",
    });
    const table = name();
    await t.run("sql", { sql: `CREATE TABLE "${table}" (k BIGINT PRIMARY KEY, v VARCHAR[])` });
    for (const v of [["a"], ["b", "c"]]) await t.run("upsert", { table, key: ["k"], rows: [{ k: 1, v }] });
    expect(await t.rows(`FROM "${table}"`)).toEqual([[1, ["b", "c"]]]);
  });

  test.each([
    [[{ id: 1 }, { id: 1 }], "the key 1 stands twice"],
    [[{ id: 1 }, { id: null }], "a key must not be null"],
    [[{ id: 1 }, { a: "x" }], "a key must not be null"],
    [[{ a: "x" }], "is not among the columns given"],
  ])("refuses %j", async (rows, message) => {
    const table = name();
    await t.run("append", { table, rows: [{ id: 1, a: "x" }] });
    const outcome = await t.run("upsert", { table, key: ["id"], rows });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid_data" } });
    expect(outcome.error?.message).toContain(message);
  });
});

describe("update and delete", () => {
  test("change the rows that meet every condition", async () => {
    const table = name();
    await t.run("append", {
      table,
      rows: [
        { a: 1, b: "x" },
        { a: 2, b: null },
        { a: 3, b: "y" },
      ],
    });
    const updated = await t.run("update", { table, set: { b: "z" }, where: { a: [1, 2], b: null } });
    expect(updated).toMatchObject({ status: "applied", written: [table] });
    await t.run("delete", { table, where: { b: ["x", "y"] } });
    expect(await t.rows(`FROM "${table}"`)).toEqual([[2, "z"]]);
    expect(await t.run("delete", { table, where: { a: 99 } })).toMatchObject({
      status: "applied",
      changes: [],
    });
  });

  test("name the table or column they do not find", async () => {
    await t.run("append", { table: "flights", rows: [{ delay: 1 }] });
    expect(await t.run("delete", { table: "flihgts", where: { delay: 1 } })).toMatchObject({
      error: { code: "table_not_found", message: 'There is no table "flihgts". Did you mean "flights"?' },
    });
    expect(await t.run("update", { table: "flights", set: { dely: 2 }, where: { delay: 1 } })).toMatchObject({
      error: { code: "invalid_arguments", details: { path: "args.set.dely", didYouMean: ["delay"] } },
    });
    expect(
      await t.run("update", { table: "flights", set: { delay: "x" }, where: { delay: 1 } }),
    ).toMatchObject({
      error: { code: "invalid_arguments", details: { path: "args.set.delay" } },
    });
  });
});

describe("sql", () => {
  test("gives the first page of the last SELECT in JSON's terms", async () => {
    const outcome = await t.run("sql", {
      sql: "SELECT 1; SELECT range AS r, 9223372036854775807 AS big FROM range(5000)",
    });
    expect(outcome.result?.columns).toEqual([
      { name: "r", type: "BIGINT" },
      { name: "big", type: "BIGINT" },
    ]);
    expect(outcome.result?.rows).toHaveLength(1000);
    expect(outcome.result?.rows[7]).toEqual([7, "9223372036854775807"]);
    expect(outcome.result?.nextCursor).toBe("1000");
  });

  test("binds parameters by name and by position, across statements", async () => {
    const table = name();
    const named = await t.run("sql", {
      sql: `CREATE TABLE "${table}" AS SELECT $a AS a; INSERT INTO "${table}" VALUES ($b); FROM "${table}"`,
      params: { a: 1, b: 2 },
    });
    expect(named.result?.rows).toEqual([[1], [2]]);
    const positional = await t.run("sql", { sql: "SELECT ?, ?, ? + 1", params: ["x", [1, 2], 1.5] });
    expect(positional.result?.rows).toEqual([["x", [1, 2], 2.5]]);
    expect(await t.run("sql", { sql: "SELECT $x", params: { y: 1 } })).toMatchObject({
      error: { code: "invalid_arguments" },
    });
    expect(await t.run("sql", { sql: "SELECT 1", params: { y: 1 } })).toMatchObject({
      error: { code: "invalid_arguments", details: { path: "args.params.y" } },
    });
  });

  test("says which tables it wrote and what it read for them", async () => {
    const [base, made, view] = [name(), name(), name()];
    await t.run("append", { table: base, rows: [{ a: 1, g: "x" }] });
    await t.run("sql", { sql: `CREATE VIEW "${view}" AS FROM "${base}"` });
    expect(
      await t.run("sql", {
        sql: `CREATE TABLE "${made}" AS WITH c AS (FROM "${view}") SELECT g, sum(a) AS s FROM c GROUP BY g`,
      }),
    ).toMatchObject({ written: [made], derivedFrom: [base] });
    expect(await t.run("sql", { sql: `INSERT INTO "${made}" SELECT g, a FROM "${base}"` })).toMatchObject({
      changes: [{ table: made, rowsBefore: 1, rowsAfter: 2 }],
      derivedFrom: [base],
    });
    expect(await t.run("sql", { sql: `DELETE FROM "${made}" WHERE s > 100` })).toMatchObject({
      written: [],
      changes: [],
    });
    expect(await t.run("sql", { sql: `ALTER TABLE "${made}" RENAME TO "${made}x"` })).toMatchObject({
      changes: [
        { table: made, rowsBefore: 2, rowsAfter: null },
        { table: `${made}x`, rowsBefore: null, rowsAfter: 2 },
      ],
    });
    expect(await t.run("sql", { sql: `DROP TABLE "${made}x"` })).toMatchObject({
      changes: [{ table: `${made}x`, rowsAfter: null }],
    });
  });

  test("reads published versions of other models and nothing else of them", async () => {
    const path = join(t.staging, "air.duckdb");
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(
      "CREATE SCHEMA _teatree; CREATE TABLE _teatree.ledger AS SELECT 1; CREATE TABLE ports AS SELECT 'ZRH' AS code",
    );
    connection.closeSync();
    instance.closeSync();
    const reads = { air: { model: "airports", version: 1 } };
    const run = (sql: string) => t.run("sql", { sql, reads }, { reads: { air: { path } } });
    const table = name();
    expect(await run(`CREATE TABLE "${table}" AS FROM air.ports; FROM air.main.ports`)).toMatchObject({
      result: { rows: [["ZRH"]] },
      derivedFrom: [],
    });
    for (const sql of [
      "FROM air._teatree.ledger",
      "INSERT INTO air.ports VALUES ('X')",
      "DROP TABLE air.ports",
      "CREATE TABLE air.x AS SELECT 1",
      "DETACH air",
      "CREATE VIEW v AS FROM air.ports",
    ]) {
      expect(await run(sql)).toMatchObject({ status: "failed" });
    }
    expect(await t.run("sql", { sql: "FROM air.ports" })).toMatchObject({ status: "failed" });
  });
});
