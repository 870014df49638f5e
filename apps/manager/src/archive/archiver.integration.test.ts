import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { until } from "@teatree/local-stack/polling";
import { createTestDatabase, type TestDatabase } from "@teatree/local-stack/testing";
import { ModelId } from "@teatree/shared/contracts/ids";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { createModel } from "@teatree/shared/control-db/goal-models";
import { takeLease } from "@teatree/shared/control-db/leases";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { contentOf, findVersion } from "@teatree/shared/control-db/versions";
import { type ObjectStore, openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ArchiveDone, startArchiver } from "./archiver.ts";

const modelId = ModelId.parse("0198b5a0-0000-7000-8000-000000000002");
let home: string;
let database: TestDatabase;
let pool: Pool;
let store: ObjectStore;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-archive-"));
  database = await createTestDatabase();
  await migrate(database.databaseUrl);
  pool = openPool(database.databaseUrl, { applicationName: "test" });
  store = await openObjectStore({ kind: "directory", path: join(home, "objects") });
  await createModel(pool, { id: modelId, name: "flights", createdBy: "test" });
  await takeLease(pool, { modelId, holder: "test", ttlMs: 60_000 });
  await mkdir(join(home, "versions", modelId), { recursive: true });
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

type Table = { name: string; rows: number; columns: { name: string; type: string; nullable: boolean }[] };

/** Makes a snapshot by SQL and publishes it in the control database. */
async function publish(version: number, statements: string[], changed: string[]): Promise<void> {
  const file = `${modelId}/v${version}-e1.duckdb`;
  const instance = await DuckDBInstance.create(join(home, "versions", file));
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  const described = await connection.runAndReadAll(
    "SELECT table_name, list({'name': column_name, 'type': data_type} ORDER BY column_index)::JSON FROM duckdb_columns() WHERE NOT internal GROUP BY ALL ORDER BY 1",
  );
  const tables: Table[] = described.getRows().map(([name, columns]) => ({
    name: String(name),
    rows: 1,
    columns: JSON.parse(String(columns)).map((column: object) => ({ ...column, nullable: true })),
  }));
  connection.closeSync();
  instance.closeSync();
  const outcome = await commitBatch(pool, {
    modelId,
    epoch: 1,
    baseVersion: version - 1,
    position: version,
    outcomes: [],
    notifications: [],
    version: {
      version,
      parent: version === 1 ? null : version - 1,
      createdAt: new Date(),
      intents: [],
      bytes: 1,
      newBytes: 1,
      hash: "h",
      storageVersion: "v1.4.0",
      engineVersion: "v1.5.6",
      file,
      pack: "m",
      packBytes: 1,
      packModels: [],
      content: tables.map(({ name, rows, columns }) => ({
        table: name,
        rows,
        rowsDelta: 0,
        columns,
        schemaHash: "s",
        contentHash: "c",
        changed: changed.includes(name),
        writtenBy: null,
        writtenVersion: version,
        derivedFrom: [],
      })),
    },
  });
  expect(outcome).toBe("committed");
}

async function archiveAll(through: number, waits = async () => {}): Promise<ArchiveDone[]> {
  const done: ArchiveDone[] = [];
  const archiver = startArchiver({
    db: pool,
    storeEnv: { OBJECT_STORE: `directory:${join(home, "objects")}` },
    modelId,
    epoch: 1,
    versionsDir: join(home, "versions"),
    scratchDir: join(home, "scratch"),
    logger: createLogger("test", "silent"),
    onArchived: (_, what) => done.push(what),
  });
  archiver.kick();
  await waits();
  await until(`version ${through} is archived`, async () => {
    const version = await findVersion(pool, modelId, through);
    return version?.archivedAt ? true : undefined;
  });
  await archiver.stop();
  return done;
}

async function readParquet(key: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const path = store.localPath?.(key) ?? "";
  const rows = await connection.runAndReadAll(sql.replace("$file", `'${path}'`));
  return rows.getRowsJson();
}

test("each changed table goes to the store once; an unchanged one names the object of the version that wrote it", async () => {
  const base = ["CREATE TABLE a AS SELECT range AS n FROM range(1000)", 'CREATE TABLE "B ä" (x INT)'];
  await publish(1, base, ["a", "B ä"]);
  await publish(2, [...base, "INSERT INTO a VALUES (-1)"], ["a"]);
  const done = await archiveAll(2);
  expect(done.map((each) => each.exported.map((table) => table.table))).toEqual([["B ä", "a"], ["a"]]);
  const first = await contentOf(pool, modelId, 1);
  const second = await contentOf(pool, modelId, 2);
  expect(
    second.map((row) => row.archiveKey === first.find((old) => old.table === row.table)?.archiveKey),
  ).toEqual([true, false]);
  const a = second.find((row) => row.table === "a");
  expect(a?.archiveKey).toBe(`models/${modelId}/archive/e1/v2/a.parquet`);
  expect(await readParquet(a?.archiveKey ?? "", "SELECT count(*), min(n) FROM $file")).toEqual([
    ["1001", "-1"],
  ]);
  const bytes = await readFile(store.localPath?.(a?.archiveKey ?? "") ?? "");
  expect(a?.archiveSha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(a?.archiveBytes).toBe(bytes.length);
});

test("the plain SHA-256 of the snapshot file stands in the version then", async () => {
  const version = await findVersion(pool, modelId, 2);
  const bytes = await readFile(join(home, "versions", version?.file ?? ""));
  expect(version?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("every type of DuckDB comes through, and wide integers keep every digit", async () => {
  await publish(
    3,
    [
      "CREATE TABLE wide AS SELECT 170141183460469231731687303715884105727::HUGEINT AS h, '101'::BIT AS b, [1::HUGEINT] AS l",
      "CREATE TABLE all_types AS FROM test_all_types()",
    ],
    ["wide", "all_types"],
  );
  await archiveAll(3);
  const wide = (await contentOf(pool, modelId, 3)).find((row) => row.table === "wide");
  expect(await readParquet(wide?.archiveKey ?? "", "SELECT h, b, l FROM $file")).toEqual([
    ["170141183460469231731687303715884105727", "101", "[1]"],
  ]);
});

test("a store that is away only delays the archive", async () => {
  await publish(4, ["CREATE TABLE late AS SELECT 1 AS one"], ["late"]);
  const objects = join(home, "objects");
  await rename(objects, `${objects}-away`);
  await writeFile(objects, "a file where the folder should be");
  let waited = false;
  await archiveAll(4, async () => {
    // By then it has tried: the hash comes before the first object.
    await until(
      "it got as far as the store",
      async () => (await findVersion(pool, modelId, 4))?.sha256 ?? undefined,
    );
    waited = (await findVersion(pool, modelId, 4))?.archivedAt === null;
    await rm(objects);
    await rename(`${objects}-away`, objects);
  });
  expect(waited).toBe(true);
  const [late] = await contentOf(pool, modelId, 4);
  expect(await readParquet(late?.archiveKey ?? "", "SELECT * FROM $file")).toEqual([[1]]);
});
