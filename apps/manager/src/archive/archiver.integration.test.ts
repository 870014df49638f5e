import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { until } from "@teatree/local-stack/polling";
import { openBlockStore } from "@teatree/shared/block-store/block-store";
import { packOfKey } from "@teatree/shared/block-store/pack-name";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { archivePartsOf } from "@teatree/shared/control-db/archive-parts";
import { type ObjectStore, openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { everyTypeStatements } from "../../../../playwright/fixtures/every-type.ts";
import { seeded } from "../testing/history.ts";
import { openPublishedHistory, type PublishedHistory } from "../testing/published-history.ts";
import { differences } from "../testing/same-tables.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "./archive-plan.ts";
import { type ArchiveDone, type ArchiverOptions, startArchiver } from "./archiver.ts";
import { createArchiving } from "./archiving.ts";
import { rebuildVersion } from "./rebuild.ts";

/** Any table may have parts. */
const PARTS: ArchiveLimits = { ...ARCHIVE_LIMITS, partsFromBytes: 0 };

let model: PublishedHistory;
let store: ObjectStore;

beforeEach(async () => {
  model = await openPublishedHistory();
  store = await openObjectStore({ kind: "directory", path: join(model.home, "objects") });
});
afterEach(() => model[Symbol.asyncDispose]());

function start(options: {
  epoch?: number;
  limits?: ArchiveLimits;
  onArchived?: ArchiverOptions["onArchived"];
}) {
  return startArchiver({
    db: model.pool,
    storeEnv: model.storeEnv,
    modelId: model.modelId,
    epoch: 1,
    versionsDir: model.versionsDir,
    scratchDir: scratch(),
    logger: createLogger("test", "silent"),
    onArchived: () => undefined,
    ...options,
  });
}

async function archiveAll(
  through: number,
  options: { limits?: ArchiveLimits; meanwhile?: () => Promise<void>; epoch?: number } = {},
): Promise<ArchiveDone[]> {
  const done: ArchiveDone[] = [];
  const archiver = start({ ...options, onArchived: (_, what) => done.push(what) });
  try {
    archiver.kick();
    await options.meanwhile?.();
    await until(
      `version ${through} is archived and nothing is left to do`,
      async () => ((await isArchived(through)) && archiver.idleMs() > 0 ? true : undefined),
      { timeoutMs: 60_000 },
    );
  } finally {
    await archiver.stop();
  }
  return done;
}

const scratch = () => join(model.home, "scratch");
const isArchived = async (version: number) => (await model.version(version)).archivedAt !== null;
const exported = (done: ArchiveDone[]) => done.map((each) => each.exported.map(({ table }) => table));
const partsOf = (version: number) => archivePartsOf(model.pool, model.modelId, version);
const keysOf = async (version: number) => (await partsOf(version)).map(({ key }) => key);

/** What differs between the version and what is rebuilt of it from the archive alone. */
async function differencesWhenRebuilt(version: number): Promise<string[]> {
  const published = join(model.home, `${randomUUID()}.duckdb`);
  const rebuilt = join(model.home, `${randomUUID()}.duckdb`);
  await model.stored.write(await model.version(version), published);
  await rebuildVersion({ store, modelId: model.modelId, version, out: rebuilt, say: () => undefined });
  return differences(published, rebuilt);
}

async function everyVersionRebuilt(through: number): Promise<Record<number, string[]>> {
  const found: Record<number, string[]> = {};
  for (let version = 1; version <= through; version += 1) {
    const differing = await differencesWhenRebuilt(version);
    if (differing.length > 0) found[version] = differing;
  }
  return found;
}

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

const rows = (from: number, count: number) =>
  `SELECT range AS n, hash(range)::VARCHAR AS h FROM range(${from}, ${from + count})`;

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
  await archiveAll(14, { limits: PARTS });
  expect(await everyVersionRebuilt(14)).toEqual({});
  const counts = [];
  for (let version = 2; version <= 14; version += 1) {
    counts.push((await partsOf(version)).filter(({ table }) => table === "t").length);
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
  await archiveAll(1);
  expect(await everyVersionRebuilt(1)).toEqual({});
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
  await archiveAll(1);
  expect(await everyVersionRebuilt(1)).toEqual({});
  const out = join(model.home, "rebuilt.duckdb");
  await rebuildVersion({ store, modelId: model.modelId, out, say: () => undefined });
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
  await archiveAll(2);
  const out = join(model.home, "out.duckdb");
  const quiet = { store, modelId: model.modelId, say: () => undefined };
  expect(await rebuildVersion({ ...quiet, out })).toMatchObject({ rows: 2, leftOut: [] });
  expect(await query(out, "SELECT n, (SELECT min(d) FROM base) FROM counted")).toEqual([["2", 7]]);

  await model.sql(
    "CREATE TABLE tree (id INTEGER PRIMARY KEY, above INTEGER REFERENCES tree (id) CHECK (above < 9))",
  );
  await model.sql("INSERT INTO tree VALUES (2, NULL)");
  await model.sql("INSERT INTO tree VALUES (1, 2)");
  await archiveAll(5);
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
  expect(await everyVersionRebuilt(5)).toEqual({});
});

test("a large table that only gets rows brings those; an unchanged one brings nothing, also after a restore", async () => {
  await model.sql(`CREATE TABLE big AS ${rows(0, 20_000)}; CREATE TABLE small AS SELECT 1 AS one`);
  await model.publish(["append", { table: "big", rows: [{ n: -1, h: "x" }] }]);
  await model.publish(["append", { table: "small", rows: [{ one: 2 }] }]);
  await model.restore(1);
  await model.publish(["append", { table: "big", rows: [{ n: -2, h: "y" }] }]);
  const size = 100_000;
  const done = await archiveAll(5, { limits: { ...PARTS, partsFromBytes: size } });
  expect(exported(done)).toEqual([["big", "small"], ["big"], ["small"], [], ["big"]]);
  const parts = await Promise.all([1, 2, 3, 4, 5].map(partsOf));
  expect(parts.map((each) => each.map(({ table, rows: count, version }) => [table, count, version]))).toEqual(
    [
      [
        ["big", 20_000, 1],
        ["small", 1, 1],
      ],
      [
        ["big", 20_000, 1],
        ["big", 1, 2],
        ["small", 1, 1],
      ],
      [
        ["big", 20_000, 1],
        ["big", 1, 2],
        ["small", 2, 3],
      ],
      [
        ["big", 20_000, 1],
        ["small", 1, 1],
      ],
      [
        ["big", 20_000, 1],
        ["big", 1, 5],
        ["small", 1, 1],
      ],
    ],
  );
  const folder = `models/${model.modelId}/archive/e1`;
  expect(await keysOf(5)).toEqual([
    `${folder}/v1/big.parquet`,
    `${folder}/v5/big.from-20000.parquet`,
    `${folder}/v1/small.parquet`,
  ]);
  expect(await everyVersionRebuilt(5)).toEqual({});
});

test("an archiver that lags behind needs no snapshot file, and its SHA-256 is that of the download", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 200_000)}`);
  await model.sql("DELETE FROM t WHERE n % 3 > 0");
  await model.sql(`INSERT INTO t ${rows(1_000_000, 500)}`);
  await model.sql("CREATE TABLE late AS SELECT 1 AS one");
  await model.removeFiles();
  await archiveAll(4);
  for (const number of [1, 2, 3, 4]) {
    const version = await model.version(number);
    const path = join(model.home, "assembled.duckdb");
    await model.stored.write(version, path);
    const sha256 = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    expect(version.sha256).toBe(sha256);
    await rm(path);
  }
  expect(await everyVersionRebuilt(4)).toEqual({});
  expect(existsSync(model.versionsDir)).toBe(false);
  expect(await readdir(scratch()).catch(() => [])).toEqual([]);
});

test("a snapshot file that is damaged is not believed", async () => {
  const { file, bytes } = await model.sql(`CREATE TABLE t AS ${rows(0, 50_000)}`);
  const path = join(model.versionsDir, file);
  const damaged = await readFile(path);
  damaged.fill(0xff, 200_000, Math.min(bytes, 800_000));
  await writeFile(path, damaged);
  await archiveAll(1);
  expect(await everyVersionRebuilt(1)).toEqual({});
});

test("a store that is away only delays the archive", async () => {
  await model.sql("CREATE TABLE late AS SELECT 1 AS one");
  const folder = join(model.home, "objects", "models", model.modelId, "archive");
  await writeFile(folder, "a file where the folder should be");
  let waited = false;
  await archiveAll(1, {
    async meanwhile() {
      // By then it has tried: the hash comes before the first object.
      await until("it got as far as the store", async () => (await model.version(1)).sha256 ?? undefined);
      waited = !(await isArchived(1));
      await rename(folder, `${folder}-away`);
    },
  });
  expect(waited).toBe(true);
  expect(await everyVersionRebuilt(1)).toEqual({});
});

test("an archiver that was cut off goes on where it was, under the next epoch, too", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `t${String(index).padStart(2, "0")}`);
  await model.sql(names.map((name) => `CREATE TABLE ${name} AS ${rows(0, 20_000)}`).join(";"));
  const archiver = start({ epoch: 1 });
  archiver.kick();
  await until("some tables are archived", async () => ((await partsOf(1)).length > 2 ? true : undefined));
  // Its process is killed at once, whatever it does.
  await archiver.stop();
  const before = await keysOf(1);
  expect(await isArchived(1)).toBe(false);
  const [done] = await archiveAll(1, { epoch: 2 });
  expect(done?.exported).toHaveLength(names.length - before.length);
  expect((await keysOf(1)).slice(0, before.length)).toEqual(before);
  expect(await everyVersionRebuilt(1)).toEqual({});
});

test("what an earlier try left under a key, with its record lost, is written anew", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  const folder = `models/${model.modelId}/archive/e1/v1`;
  for (const name of ["t.parquet", "version.json"])
    await store.put(`${folder}/${name}`, Buffer.from("of a try"));
  await archiveAll(1);
  expect(await everyVersionRebuilt(1)).toEqual({});
});

test("kills at any moment cost only time", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 30_000)}; CREATE TABLE u AS ${rows(0, 20_000)}`);
  for (let turn = 0; turn < 4; turn += 1) {
    await model.publish(["append", { table: turn % 2 === 0 ? "t" : "u", rows: [{ n: -turn, h: "x" }] }]);
  }
  await model.removeFiles();
  const random = seeded(7);
  for (let epoch = 1; epoch <= 12; epoch += 1) {
    const archiver = start({ epoch, limits: PARTS });
    archiver.kick();
    await setTimeout(100 + random() * 400);
    await archiver.stop();
  }
  await archiveAll(5, { epoch: 13, limits: PARTS });
  expect(await everyVersionRebuilt(5)).toEqual({});
  expect((await partsOf(5)).map(({ table, rows: count }) => [table, count])).toEqual([
    ["t", 30_000],
    ["t", 1],
    ["t", 1],
    ["u", 20_000],
    ["u", 1],
    ["u", 1],
  ]);
});

test.each([
  ["a flipped byte", (bytes: Buffer) => bytes.fill(0xff, 100, 101), /SHA-256 differs/],
  ["a missing end", (bytes: Buffer) => bytes.subarray(0, -1), /bytes and should have/],
])("a part with %s is refused, and nothing is written", async (_, harm, message) => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  await archiveAll(1);
  const path = store.localPath?.((await keysOf(1))[0] ?? "") ?? "";
  await writeFile(path, harm(await readFile(path)));
  const out = join(model.home, "out.duckdb");
  const rebuilding = rebuildVersion({ store, modelId: model.modelId, out, say: () => undefined });
  await expect(rebuilding).rejects.toMatchObject({ code: "archive_damaged" });
  await expect(rebuilding).rejects.toThrow(message);
  expect((await readdir(model.home)).filter((name) => name.startsWith("out"))).toEqual([]);
});

test("a missing part, a damaged record and an unknown version are refused", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  await archiveAll(1);
  const out = join(model.home, "out.duckdb");
  const rebuild = (version?: number) =>
    rebuildVersion({
      store,
      modelId: model.modelId,
      out,
      say: () => undefined,
      ...(version ? { version } : {}),
    });
  await expect(rebuild(7)).rejects.toThrow(/no record of version 7 .* Versions it has: 1\./);
  await store.remove((await keysOf(1))[0] ?? "");
  await expect(rebuild()).rejects.toThrow(/is missing/);
  const record = store.localPath?.(`models/${model.modelId}/archive/e1/v1/version.json`) ?? "";
  await writeFile(record, "{");
  await expect(rebuild()).rejects.toMatchObject({ code: "archive_damaged" });
});

test("where the object store is elsewhere, the pack is brought there, once", async () => {
  const version = await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  const name = packOfKey(version.pack);
  if (!name) throw new Error("no pack");
  const elsewhere = await openObjectStore({ kind: "directory", path: join(model.home, "elsewhere") });
  const { localPath: _, ...remote } = elsewhere;
  const places = packPlaces(remote, model.versionsDir);
  await mkdir(dirname(places.localPath(name)), { recursive: true });
  await rename(store.localPath?.(version.pack) ?? "", places.localPath(name));
  const archiving = await createArchiving({
    versionsDir: model.versionsDir,
    scratchDir: scratch(),
    open: async () => ({ places, blocks: openBlockStore(places) }),
  });
  for (let turn = 0; turn < 2; turn += 1) await archiving({ kind: "upload", file: version.file });
  const brought = await readFile(elsewhere.localPath?.(version.pack) ?? "");
  expect(brought).toEqual(await readFile(places.localPath(name)));
});
