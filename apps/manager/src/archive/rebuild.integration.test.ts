import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { everyTypeStatements } from "../../../../playwright/fixtures/every-type.ts";
import { type ArchivedHistory, openArchivedHistory, rows } from "../testing/archived-history.ts";
import { ARCHIVE_LIMITS } from "./archive-plan.ts";
import { rebuildVersion } from "./rebuild.ts";

let model: ArchivedHistory;
beforeEach(async () => {
  model = await openArchivedHistory();
});
afterEach(() => model[Symbol.asyncDispose]());

async function query(path: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test("every version of a mixed history is rebuilt from Parquet alone, table by table", async () => {
  await model.sql(everyTypeStatements());
  await model.sql(`CREATE TABLE t AS ${rows(0, 5_000)}; CREATE TABLE other AS SELECT 1 AS one`);
  await model.publish(["append", { table: "t", rows: [{ n: -1, h: "appended" }] }]);
  await model.publish(
    ["append", { table: "t", rows: [{ n: -2, h: "a" }] }],
    ["sql", { sql: `INSERT INTO t ${rows(5_000, 10)}` }],
  );
  await model.publish(["update", { table: "t", set: { h: "updated" }, where: { n: 5 } }]);
  await model.publish(["delete", { table: "t", where: { n: 7 } }]);
  await model.publish(["append", { table: "t", rows: [{ n: -3, h: "behind a deletion" }] }]);
  await model.sql("ALTER TABLE t ADD COLUMN more INTEGER[]");
  await model.publish(["append", { table: "t", rows: [{ n: -4, h: "b", more: null }] }]);
  await model.sql(`CREATE OR REPLACE TABLE t AS ${rows(0, 100)} ORDER BY h`);
  await model.sql("DROP TABLE other");
  await model.restore(4);
  await model.publish(["append", { table: "t", rows: [{ n: -5, h: "after the restore" }] }]);
  await model.restore(9);
  await model.archiveAll(14, { limits: { ...ARCHIVE_LIMITS, partsFromBytes: 0 } });
  expect(await model.everyVersionRebuilt(14)).toEqual({});
  const counts = [];
  for (let version = 2; version <= 14; version += 1) {
    counts.push((await model.parts(version)).filter(({ table }) => table === "t").length);
  }
  expect(counts).toEqual([1, 2, 3, 1, 1, 2, 1, 2, 1, 1, 3, 4, 2]);
});

test("what Parquet has no type for comes back exactly, nested or not", async () => {
  await model.sql(`
    CREATE TABLE all_types AS FROM test_all_types();
    CREATE TABLE wide (h HUGEINT, hs HUGEINT[], i INTERVAL, im MAP(VARCHAR, INTERVAL), tz TIMETZ, ns TIME_NS,
      u UNION(num INTEGER, str VARCHAR), us UNION(h HUGEINT, s VARCHAR)[], s STRUCT(h UHUGEINT, s VARCHAR), b BIT[],
      far TIMESTAMP_S, e ENUM('it''s', 'b')[], j JSON);
    INSERT INTO wide VALUES (-170141183460469231731687303715884105728, [1, NULL], '-13 months 3 days -1 microsecond',
      MAP {'k': INTERVAL '-1 second'}, '12:00:00+15:59:59', '23:59:59.999999999', union_value(str := '1'),
      [union_value(s := '1'), union_value(s := NULL), NULL], {'h': 340282366920938463463374607431768211455, 's': 'NULL, ''x'''},
      ['0101'], 'infinity', ['it''s', NULL], '{"a": 1}')`);
  await model.archiveAll(1);
  expect(await model.everyVersionRebuilt(1)).toEqual({});
});

test("a rebuilt file has the version's constraints, defaults, generated columns, views, macros, types and sequences", async () => {
  await model.sql(`
    CREATE TYPE mood AS ENUM ('sad', 'glad');
    CREATE SEQUENCE counter START 10;
    CREATE TABLE "the parent" (id INTEGER PRIMARY KEY DEFAULT nextval('counter'), m mood NOT NULL, CHECK (id > 0));
    CREATE TABLE child (id INTEGER REFERENCES "the parent" (id), twice INTEGER GENERATED ALWAYS AS (id * 2), c VARCHAR COLLATE nocase);
    INSERT INTO "the parent" (m) VALUES ('sad'), ('glad');
    INSERT INTO child (id, c) VALUES (10, 'A');
    CREATE INDEX by_mood ON "the parent" (m);
    CREATE MACRO plus(a, b := 2) AS a + b;
    CREATE MACRO doubled(x) AS TABLE SELECT twice + x AS y FROM child;
    CREATE VIEW first_view AS SELECT plus(id) AS p FROM "the parent";
    CREATE VIEW a_view AS SELECT * FROM first_view;
    COMMENT ON COLUMN child.c IS 'it''s a comment'`);
  await model.archiveAll(1);
  expect(await model.everyVersionRebuilt(1)).toEqual({});
  const out = join(model.home, "rebuilt.duckdb");
  await rebuildVersion({ store: model.store, modelId: model.modelId, out, say: () => undefined });
  expect(await query(out, "SELECT * FROM a_view ORDER BY 1")).toEqual([[12], [13]]);
  expect(await query(out, "SELECT y, (SELECT count(*) FROM duckdb_indexes()) FROM doubled(1)")).toEqual([
    [21, "1"],
  ]);
  const comments = "SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL";
  expect(await query(out, comments)).toEqual([["it's a comment"]]);
  const instance = await DuckDBInstance.create(out);
  const connection = await instance.connect();
  await connection.run(`INSERT INTO "the parent" (m) VALUES ('sad')`);
  const [[id] = []] = (await connection.runAndReadAll('SELECT max(id) FROM "the parent"')).getRowsJson();
  await expect(connection.run(`INSERT INTO child (id) VALUES (99)`)).rejects.toThrow(/foreign key/i);
  connection.closeSync();
  instance.closeSync();
  expect(id).toBe(12);
});

test("macros that tables call, and tables that refer to themselves, do not keep a version from coming back", async () => {
  await model.sql(`
    CREATE MACRO next_one(a, b := 1) AS a + b;
    CREATE TABLE base (id INTEGER PRIMARY KEY, d INTEGER DEFAULT next_one(3, 4));
    CREATE MACRO rows_of() AS (SELECT count(*) FROM base);
    CREATE VIEW counted AS SELECT rows_of() AS n`);
  await model.sql("INSERT INTO base (id) VALUES (1), (2)");
  await model.archiveAll(2);
  const out = join(model.home, "out.duckdb");
  const quiet = { store: model.store, modelId: model.modelId, say: () => undefined };
  expect(await rebuildVersion({ ...quiet, out })).toMatchObject({ rows: 2, leftOut: [] });
  expect(await query(out, "SELECT n, (SELECT min(d) FROM base) FROM counted")).toEqual([["2", 7]]);

  await model.sql(
    "CREATE TABLE tree (id INTEGER PRIMARY KEY, above INTEGER REFERENCES tree (id) CHECK (above < 9))",
  );
  await model.sql("INSERT INTO tree VALUES (2, NULL)");
  await model.sql("INSERT INTO tree VALUES (1, 2)");
  await model.archiveAll(5);
  const second = await rebuildVersion({ ...quiet, out: `${out}-2` });
  expect(second.leftOut).toEqual(['the foreign keys of "tree"']);
  expect(await query(`${out}-2`, "SELECT * FROM tree ORDER BY id")).toEqual([
    [1, 2],
    [2, null],
  ]);
  const third = await rebuildVersion({ ...quiet, version: 4, out: `${out}-3` });
  expect(third.leftOut).toEqual([]);
  expect(
    await query(
      `${out}-3`,
      "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'",
    ),
  ).toEqual([["1"]]);
  expect(await model.everyVersionRebuilt(5)).toEqual({});
});

test.each([
  ["a flipped byte", (bytes: Buffer) => bytes.fill(0xff, 100, 101), /SHA-256 differs/],
  ["a missing end", (bytes: Buffer) => bytes.subarray(0, -1), /bytes and should have/],
])("a part with %s is refused, and nothing is written", async (_, harm, message) => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  await model.archiveAll(1);
  const path = model.store.localPath?.((await model.keys(1))[0] ?? "") ?? "";
  await writeFile(path, harm(await readFile(path)));
  const out = join(model.home, "out.duckdb");
  const rebuilding = rebuildVersion({
    store: model.store,
    modelId: model.modelId,
    out,
    say: () => undefined,
  });
  await expect(rebuilding).rejects.toMatchObject({ code: "archive_damaged" });
  await expect(rebuilding).rejects.toThrow(message);
  expect((await readdir(model.home)).filter((name) => name.startsWith("out"))).toEqual([]);
});

test("a missing part, a damaged record and an unknown version are refused", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  await model.archiveAll(1);
  const out = join(model.home, "out.duckdb");
  const rebuild = (version?: number) =>
    rebuildVersion({
      store: model.store,
      modelId: model.modelId,
      out,
      say: () => undefined,
      ...(version ? { version } : {}),
    });
  await expect(rebuild(7)).rejects.toThrow(/no record of version 7 .* Versions it has: 1\./);
  await model.store.remove((await model.keys(1))[0] ?? "");
  await expect(rebuild()).rejects.toThrow(/is missing/);
  const record = model.store.localPath?.(`models/${model.modelId}/archive/e1/v1/version.json`) ?? "";
  await writeFile(record, "{");
  await expect(rebuild()).rejects.toMatchObject({ code: "archive_damaged" });
});
