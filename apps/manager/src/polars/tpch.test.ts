import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PolarsTable } from "./protocol.ts";
import { startTestRunner, type TestRunner } from "./testing/start-test-runner.ts";
import { TPCH_QUERIES } from "./testing/tpch/all-queries.ts";
import { differenceOf, type Rows, readRows } from "./testing/tpch/rows.ts";
import { writeTables } from "./testing/tpch/write-tables.ts";

let sandbox: TestRunner;
let duckdb: DuckDBConnection;
let tables: Record<string, PolarsTable>;

beforeAll(async () => {
  sandbox = await startTestRunner();
  duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  tables = await writeTables(duckdb, sandbox.folder);
}, 30_000);
afterAll(async () => {
  duckdb.closeSync();
  await sandbox[Symbol.asyncDispose]();
});

async function compare(sql: string, polars: string): Promise<string | undefined> {
  const expected = await readRows(duckdb, sql);
  expect(expected.rows).not.toEqual([]);
  // A sum over no rows is a row all the same, with null in it.
  expect(expected.rows.flatMap(Object.values)).not.toContain(null);
  const out = join(sandbox.folder, `${randomUUID()}.parquet`);
  await sandbox.run(polars, { tables, out });
  return differenceOf(expected, await readRows(duckdb, `FROM '${out}'`));
}

test.concurrent.each(TPCH_QUERIES)(
  "query $number gives the same rows in Polars as in SQL",
  { timeout: 30_000 },
  async ({ sql, polars }) => {
    expect(await compare(sql, polars)).toBeUndefined();
  },
);

test.concurrent.each([
  { number: 1, right: "Decimal(38, 6)", wrong: "Decimal(15, 2)", difference: /^In row 0 sum_disc_price is/ },
  { number: 10, right: "[true, false]", wrong: "[false, true]", difference: /^In row 0 c_custkey is/ },
  { number: 13, right: '"left"', wrong: '"inner"', difference: /^There are \d+ rows, not \d+/ },
  {
    number: 14,
    right: '"promo_revenue"',
    wrong: '"revenue"',
    difference: /^The columns are revenue \(floating\)/,
  },
])(
  "query $number with $wrong for $right is found out",
  { timeout: 30_000 },
  async ({ number, right, wrong, difference }) => {
    const query = TPCH_QUERIES.find((each) => each.number === number);
    if (query === undefined) throw new Error(`There is no query ${number}.`);
    expect(query.polars).toContain(right);
    expect(await compare(query.sql, query.polars.replace(right, wrong))).toMatch(difference);
  },
);

test("columns are compared by name and rows by number", () => {
  const two: Rows = { columns: { a: "exact", b: "exact" }, rows: [{ a: "1", b: null }] };
  expect(differenceOf(two, { ...two, columns: { b: "exact", a: "exact" } })).toBeUndefined();
  expect(differenceOf(two, { ...two, columns: { a: "exact", c: "exact" } })).toMatch(
    "The columns are a (exact), c",
  );
  expect(differenceOf(two, { ...two, rows: [] })).toBe("There are 0 rows, not 1.");
  expect(differenceOf(two, { ...two, rows: [{ a: "1", b: "0" }] })).toBe("In row 0 b is 0, not null.");
});

test("floating-point values may differ by a billionth, others not at all", () => {
  const one = (kind: "floating" | "exact", value: string | number): Rows => ({
    columns: { x: kind },
    rows: [{ x: value }],
  });
  expect(differenceOf(one("floating", 1000), one("floating", 1000 + 1e-7))).toBeUndefined();
  expect(differenceOf(one("floating", 1000), one("floating", 1000 + 1e-5))).toMatch("In row 0 x is");
  expect(differenceOf(one("exact", "1000"), one("exact", "1000.0000001"))).toMatch("In row 0 x is");
  expect(differenceOf(one("exact", "1000"), one("floating", 1000))).toMatch("The columns are");
});
