import { readFileSync } from "node:fs";
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

/** A Parquet file of what a SELECT gives, made by an engine of our own. */
async function parquet(select: string): Promise<Uint8Array> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const path = join(t.folder, `made-${name()}.parquet`);
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFileSync(path);
}

describe("import", () => {
  test("reads CSV, Parquet, JSON and NDJSON", async () => {
    const files: [string, string | Uint8Array][] = [
      ["a.csv", 'id;näme\n1;x\n2;"y;\n""z"""\n'],
      ["a.parquet", await parquet("SELECT 1::BIGINT AS id, 'x' AS \"näme\" UNION ALL SELECT 2, 'y'")],
      ["a.json", '[{"id": 1, "näme": "x"}, {"id": 2, "näme": "y"}]'],
      ["a.ndjson", '{"id": 1, "näme": "x"}\n\n{"id": 2, "näme": "y"}\n'],
    ];
    for (const [filename, content] of files) {
      const table = name();
      const { uploadId, uploads } = t.upload(filename, content);
      expect(await t.run("import", { table, uploadId, mode: "create" }, { uploads })).toMatchObject({
        status: "applied",
        changes: [{ table, rowsBefore: null, rowsAfter: 2 }],
      });
      expect(await columnsOf(table)).toEqual({ id: "BIGINT", näme: "VARCHAR" });
    }
  });

  test.each([
    ["short.csv", "a,b,c\n1,2,3\n4,5\n6,7,8\n", '"short.csv", line 3: expected 3 columns, found 2.', 3],
    ["long.csv", "a,b,c\n1,2,3\n4,5,6\n4,5,6,7\n", '"long.csv", line 4: expected 3 columns, found 4.', 4],
    ["quote.csv", 'a,b\n1,"x\n2,y\n', '"quote.csv", line 2: a quote is opened and not closed.', 2],
    ["empty.csv", "", '"empty.csv" is empty.', undefined],
    ["bad.ndjson", '{"a": 1}\n{"a": 2\n{"a": 3}\n', '"bad.ndjson", line 2: not a JSON object.', 2],
    ["bad.json", '[{"a": 1}, {"a": }]', '"bad.json", line 1, column 18: not valid JSON.', 1],
    ["cut.parquet", "PAR1xxxxxxxxxxxxxxxxPAR1", /cut\.parquet/, undefined],
    ["tiny.parquet", "hello", /tiny\.parquet/, undefined],
  ])("refuses %s, says where, and leaves the table unchanged", async (filename, content, message, line) => {
    const table = name();
    await t.run("append", { table, rows: [{ a: 1, b: 2, c: 3 }] });
    const before = await t.writer.tables();
    const { uploadId, uploads } = t.upload(filename, content);
    for (const mode of ["append", "replace"]) {
      const outcome = await t.run("import", { table, uploadId, mode }, { uploads });
      expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid_data", line } });
      if (typeof message === "string") expect(outcome.error?.message).toBe(message);
      else expect(outcome.error?.message).toMatch(message);
      expect(outcome.error?.message).not.toContain(t.folder);
    }
    expect(await t.writer.tables()).toEqual(before);
  });

  test("appends only what fits the table's types without loss", async () => {
    const table = name();
    await t.run("sql", {
      sql: `CREATE TABLE "${table}" (id INTEGER, code VARCHAR, d DATE, n DOUBLE DEFAULT 7)`,
    });
    const good = t.upload("good.csv", "code,id,d\n007,1,2020-01-01\n008,2,\n");
    expect(await t.run("import", { table, uploadId: good.uploadId, mode: "append" }, good)).toMatchObject({
      status: "applied",
    });
    expect(await t.rows(`FROM "${table}"`)).toEqual([
      [1, "007", "2020-01-01", 7],
      [2, "008", null, 7],
    ]);
    const cases: [string, string | Uint8Array, RegExp][] = [
      ["round.csv", "id\n1\n2.5\n", /row 2, column "id": 2\.5 does not fit INTEGER without loss/],
      ["text.csv", "id,code\n1,a\nx,b\n", /line 3: column "id": could not convert string "x"/],
      ["big.csv", "id\n3000000000\n", /column "id"/],
      ["round.json", '[{"id": 1.5}]', /row 1, column "id": 1\.5 does not fit INTEGER/],
      ["round.parquet", await parquet("SELECT 1.5::DOUBLE AS id"), /row 1, column "id": 1\.5 does not fit/],
      [
        "number.parquet",
        await parquet("SELECT 5 AS code"),
        /column "code": the file has INTEGER, the table has text/,
      ],
      ["other.csv", "idd\n1\n", /has no column "idd". Did you mean "id"/],
    ];
    for (const [filename, content, message] of cases) {
      const bad = t.upload(filename, content);
      const outcome = await t.run("import", { table, uploadId: bad.uploadId, mode: "append" }, bad);
      expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid_data" } });
      expect(outcome.error?.message).toMatch(message);
    }
    expect(await t.rows(`SELECT count(*) FROM "${table}"`)).toEqual([[2]]);
  });

  test("keeps a value that a sample would round", async () => {
    const table = name();
    const lines = Array.from({ length: 30_000 }, (_, index) => String(index));
    const { uploadId, uploads } = t.upload("late.csv", `v\n${lines.join("\n")}\n2.5\n`);
    await t.run("import", { table, uploadId, mode: "create" }, { uploads });
    expect(await t.rows(`SELECT count(*) FROM "${table}" WHERE v = 2.5`)).toEqual([[1]]);
  });

  test("takes negative whole numbers in JSON for BIGINT, and larger ones for what holds them", async () => {
    const table = name();
    const file = t.upload("n.ndjson", `{"a": -1, "b": [1, -2], "c": 1e30}\n{"a": 5, "b": [], "c": -1}\n`);
    await t.run("import", { table, uploadId: file.uploadId, mode: "create" }, file);
    expect(await columnsOf(table)).toEqual({ a: "BIGINT", b: "BIGINT[]", c: "DOUBLE" });
    expect(await t.rows(`SELECT a, b FROM "${table}"`)).toEqual([
      [-1, [1, -2]],
      [5, []],
    ]);
  });

  test("makes empty tables from a header alone and from an empty Parquet file", async () => {
    for (const [filename, content] of [
      ["h.csv", "a,b\n"],
      ["e.parquet", await parquet("SELECT 1 AS a WHERE false")],
    ] as const) {
      const table = name();
      const { uploadId, uploads } = t.upload(filename, content);
      expect(await t.run("import", { table, uploadId, mode: "create" }, { uploads })).toMatchObject({
        status: "applied",
        changes: [{ rowsAfter: 0 }],
      });
    }
  });

  test("holds to its mode, its options and its formats", async () => {
    const table = name();
    const csv = t.upload("x.csv", "a\n1\n");
    const into = (mode: string, more = {}, file = csv) =>
      t.run("import", { table, uploadId: file.uploadId, mode, ...more }, file);
    expect(await into("append")).toMatchObject({ error: { code: "table_not_found" } });
    expect(await into("create", { options: { columns: { a: "VARCHAR" } } })).toMatchObject({
      status: "applied",
    });
    expect(await columnsOf(table)).toEqual({ a: "VARCHAR" });
    expect(await into("create")).toMatchObject({ error: { code: "invalid_arguments", details: { table } } });
    expect(await into("replace")).toMatchObject({ status: "applied" });
    expect(await columnsOf(table)).toEqual({ a: "BIGINT" });
    expect(await into("replace", { options: { columns: { b: "VARCHAR" } } })).toMatchObject({
      error: { code: "invalid_arguments" },
    });
    expect(await into("replace", { options: { columns: { a: "BIGINT); DROP TABLE x; --" } } })).toMatchObject(
      {
        status: "failed",
      },
    );
    expect(await into("replace", {}, t.upload("x.arrow", "ARROW1"))).toMatchObject({
      error: { code: "unsupported_file" },
    });
    expect(await t.run("import", { table, uploadId: csv.uploadId, mode: "replace" })).toMatchObject({
      error: { code: "upload_not_found" },
    });
  });

  test("append and upsert take uploads too", async () => {
    const table = name();
    const one = t.upload("one.csv", "id,v\n1,a\n2,b\n");
    const two = t.upload("two.ndjson", '{"id": 2, "v": "B"}\n{"id": 3, "v": "C"}\n');
    await t.run("append", { table, uploadId: one.uploadId }, one);
    await t.run("append", { table, uploadId: one.uploadId }, one);
    await t.run("sql", { sql: `CREATE OR REPLACE TABLE "${table}" AS SELECT DISTINCT * FROM "${table}"` });
    await t.run("upsert", { table, key: ["id"], uploadId: two.uploadId }, two);
    expect(await t.rows(`FROM "${table}" ORDER BY id`)).toEqual([
      [1, "a"],
      [2, "B"],
      [3, "C"],
    ]);
  });
});
