import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ARROW_TYPE_KEY } from "@teatree/shared/contracts/arrow-metadata";
import { PARQUET, QueryResultJson } from "@teatree/shared/contracts/query";
import { DataType, type Table, tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrowText } from "./testing/arrow-text.ts";
import { type ReaderFixture, startReaderFixture } from "./testing/reader-fixture.ts";
import { TYPE_SAMPLES } from "./testing/type-samples.ts";

let fixture: ReaderFixture;
let file: string;

beforeAll(async () => {
  fixture = await startReaderFixture();
  file = await fixture.version(1, [
    `CREATE TABLE wide AS SELECT i AS id, CASE WHEN i % 7 > 0 THEN (i * 1.5)::DOUBLE END AS x,
       CASE WHEN i % 3 > 0 THEN 'n' || i END AS short,
       CASE WHEN i % 5 > 0 THEN 'a text of more than twelve bytes ' || i END AS long,
       CASE WHEN i % 11 > 0 THEN [i, NULL, i + 1] END AS list
     FROM range(20000) r(i)`,
  ]);
});
afterAll(() => fixture.stop());

async function arrow(sql: string, body: Record<string, unknown> = {}): Promise<Table> {
  const response = await fixture.query(file, sql, body);
  expect(response.status).toBe(200);
  return tableFromIPC(new Uint8Array(await response.arrayBuffer()));
}

async function json(sql: string, body: Record<string, unknown> = {}) {
  const response = await fixture.query(file, sql, { ...body, accept: "application/json" });
  expect(response.status).toBe(200);
  return QueryResultJson.parse(await response.json());
}

function samplesOf(values: string[]): string {
  const rows = values.map(
    (value, index) => `SELECT ${index * 2} AS o, ${value} AS c UNION ALL SELECT ${index * 2 + 1}, NULL`,
  );
  return `WITH v AS (${rows.join(" UNION ALL ")}) SELECT c FROM v ORDER BY o`;
}

describe("every type", () => {
  test.for(Object.entries(TYPE_SAMPLES))(
    "%s is the same in Arrow, JSON and DuckDB's own text",
    async ([name, values]) => {
      const sql = samplesOf(values);
      const table = await arrow(sql);
      const asJson = await json(sql);
      const asText = await json(sql.replace("SELECT c FROM", "SELECT c::VARCHAR FROM"));
      const [field] = table.schema.fields;
      const column = table.getChildAt(0);
      if (field === undefined || column === null) throw new Error("no column came");
      expect(field.metadata.get(ARROW_TYPE_KEY)).toBe(name);
      expect(asJson.columns).toEqual([{ name: "c", type: name }]);
      expect(asJson.rowCount).toBe(values.length * 2);
      const rows = Array.from({ length: table.numRows }, (_, row) => row);
      if (DataType.isUnion(field.type)) {
        expect(rows.map((row) => column.get(row) ?? null)).toEqual(
          asJson.rows.map(([cell]) => (isUnion(cell) ? cell.value : cell)),
        );
      } else if (field.type.children?.length > 0) {
        expect(rows.map((row) => plain(column.get(row)))).toEqual(
          asJson.rows.map(([cell]) => withoutPairs(cell)),
        );
      } else if (!DataType.isFloat(field.type)) {
        expect(rows.map((row) => arrowText(field, column, row))).toEqual(asText.rows.map(([cell]) => cell));
      } else {
        const single = field.type.precision === 1;
        expect(rows.map((row) => column.get(row))).toEqual(
          asJson.rows.map(([cell]) => (single && typeof cell === "number" ? Math.fround(cell) : cell)),
        );
      }
    },
  );
});

test("rows of many chunks, filtered to odd lengths, arrive whole and in order", async () => {
  const sql = "SELECT id, x, short, long, list FROM wide WHERE id % 13 != 5 ORDER BY id";
  const table = await arrow(sql);
  const rows = table.toArray().map((row) => plain(row));
  const expected = Array.from({ length: 20_000 }, (_, id) => id)
    .filter((id) => id % 13 !== 5)
    .map((id) => ({
      id,
      x: id % 7 > 0 ? id * 1.5 : null,
      short: id % 3 > 0 ? `n${id}` : null,
      long: id % 5 > 0 ? `a text of more than twelve bytes ${id}` : null,
      list: id % 11 > 0 ? [id, null, id + 1] : null,
    }));
  expect(rows.length).toBe(expected.length);
  expect(rows).toEqual(expected);
});

test("an empty result has its columns in every format", async () => {
  const sql = "SELECT id, 'sad'::ENUM('sad', 'happy') AS mood FROM wide WHERE false";
  const table = await arrow(sql);
  expect([table.numRows, table.schema.names]).toEqual([0, ["id", "mood"]]);
  expect(await json(sql)).toMatchObject({ rows: [], rowCount: 0, truncated: false });
  const csv = await fixture.query(file, sql, { accept: "text/csv" });
  expect(await csv.text()).toBe("id,mood\n");
});

test("CSV quotes what RFC 4180 says and tells NULL from an empty text", async () => {
  const sql = `SELECT * FROM (VALUES (1, 'a,b', 'line
break'), (2, '', NULL), (3, 'say "x"', 'ü')) v(id, "a b", c) ORDER BY id`;
  const response = await fixture.query(file, sql, { accept: "text/csv" });
  expect(response.headers.get("content-type")).toContain("text/csv");
  expect(await response.text()).toBe('id,a b,c\n1,"a,b","line\nbreak"\n2,"",\n3,"say ""x""",ü\n');
});

test("DuckDB reads the Parquet answer back, types and all", async () => {
  const sql = `SELECT id, x, list, {'a': id, 'b': short} AS s, id::HUGEINT AS h, 1 AS dup, 2 AS DUP,
    row(1, 'x') AS r FROM wide WHERE id < 5000 ORDER BY id`;
  const response = await fixture.query(file, sql, { accept: PARQUET });
  expect(response.status).toBe(200);
  const path = join(fixture.versionsDir, "answer.parquet");
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const types = await connection.runAndReadAll(
    `SELECT column_name, column_type FROM (DESCRIBE FROM '${path}')`,
  );
  expect(Object.fromEntries(types.getRowsJson().map(([name, type]) => [name, type]))).toEqual({
    id: "BIGINT",
    x: "DOUBLE",
    list: "BIGINT[]",
    s: "STRUCT(a BIGINT, b VARCHAR)",
    h: "DECIMAL(38,0)",
    dup: "INTEGER",
    DUP_1: "INTEGER",
    r: 'STRUCT("1" INTEGER, "2" VARCHAR)',
  });
  const sums = await connection.runAndReadAll(`SELECT count(*), sum(id), sum(x), sum(h) FROM '${path}'`);
  expect(sums.getRowsJson()).toEqual([["5000", "12497500", 16066072.5, "12497500"]]);
  connection.closeSync();
  instance.closeSync();
});

test("a limit cuts the rows in every format and says so", async () => {
  for (const accept of ["application/json", "text/csv", PARQUET, undefined]) {
    const body = accept === undefined ? {} : { accept };
    const cut = await fixture.query(file, "SELECT id FROM wide", { ...body, limit: 3000 });
    expect([cut.headers.get("teatree-truncated"), cut.headers.get("teatree-row-count")]).toEqual([
      "true",
      "3000",
    ]);
    const exact = await fixture.query(file, "SELECT id FROM wide LIMIT 3000", { ...body, limit: 3000 });
    expect([exact.headers.get("teatree-truncated"), exact.headers.get("teatree-row-count")]).toEqual([
      "false",
      "3000",
    ]);
    await Promise.all([cut.arrayBuffer(), exact.arrayBuffer()]);
  }
  expect(await json("SELECT id FROM wide ORDER BY id", { limit: 2 })).toMatchObject({
    rows: [[0], [1]],
    truncated: true,
  });
  expect(await json("SELECT 1 AS a", { limit: 0 })).toMatchObject({ rows: [], truncated: true });
});

function isUnion(cell: unknown): cell is { tag: string; value: unknown } {
  return typeof cell === "object" && cell !== null && "tag" in cell && "value" in cell;
}

/** Arrow's row objects as plain JSON; 64-bit integers of these samples fit a number. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? Number(inner) : inner));
  return text === undefined ? null : JSON.parse(text);
}

/** A MAP's list of pairs as the object that Arrow makes of it. */
function withoutPairs(cell: unknown): unknown {
  if (!Array.isArray(cell)) return cell;
  const pairs = cell.filter(
    (item) => typeof item === "object" && item !== null && "key" in item && "value" in item,
  );
  if (pairs.length === 0 || pairs.length < cell.length) return cell;
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
