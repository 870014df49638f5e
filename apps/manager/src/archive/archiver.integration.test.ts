import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { until } from "@teatree/local-stack/polling";
import { seeded } from "@teatree/local-stack/seeded-random";
import { openBlockStore } from "@teatree/shared/block-store/block-store";
import { packOfKey } from "@teatree/shared/block-store/pack-name";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ArchivedHistory, openArchivedHistory, rows } from "../testing/archived-history.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "./archive-plan.ts";
import { createArchiving } from "./archiving.ts";

/** Any table may have parts. */
const PARTS: ArchiveLimits = { ...ARCHIVE_LIMITS, partsFromBytes: 0 };

let model: ArchivedHistory;
beforeEach(async () => {
  model = await openArchivedHistory();
});
afterEach(() => model[Symbol.asyncDispose]());

test("a large table that only gets rows brings those; an unchanged one brings nothing, also after a restore", async () => {
  await model.sql(`CREATE TABLE big AS ${rows(0, 20_000)}; CREATE TABLE small AS SELECT 1 AS one`);
  await model.publish(["append", { table: "big", rows: [{ n: -1, h: "x" }] }]);
  await model.publish(["append", { table: "small", rows: [{ one: 2 }] }]);
  await model.restore(1);
  await model.publish(["append", { table: "big", rows: [{ n: -2, h: "y" }] }]);
  const size = 100_000;
  const done = await model.archiveAll(5, { limits: { ...PARTS, partsFromBytes: size } });
  expect(done.map((each) => each.exported.map(({ table }) => table))).toEqual([
    ["big", "small"],
    ["big"],
    ["small"],
    [],
    ["big"],
  ]);
  const parts = await Promise.all([1, 2, 3, 4, 5].map(model.parts));
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
  expect(await model.keys(5)).toEqual([
    `${folder}/v1/big.parquet`,
    `${folder}/v5/big.from-20000.parquet`,
    `${folder}/v1/small.parquet`,
  ]);
  expect(await model.everyVersionRebuilt(5)).toEqual({});
});

test("an archiver that lags behind needs no snapshot file, and its SHA-256 is that of the download", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 200_000)}`);
  await model.sql("DELETE FROM t WHERE n % 3 > 0");
  await model.sql(`INSERT INTO t ${rows(1_000_000, 500)}`);
  await model.sql("CREATE TABLE late AS SELECT 1 AS one");
  await model.removeFiles();
  await model.archiveAll(4);
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
  expect(await model.everyVersionRebuilt(4)).toEqual({});
  expect(existsSync(model.versionsDir)).toBe(false);
  expect(await readdir(model.scratchDir).catch(() => [])).toEqual([]);
});

test("a snapshot file that is damaged is not believed", async () => {
  const { file, bytes } = await model.sql(`CREATE TABLE t AS ${rows(0, 50_000)}`);
  const path = join(model.versionsDir, file);
  const damaged = await readFile(path);
  damaged.fill(0xff, 200_000, Math.min(bytes, 800_000));
  await writeFile(path, damaged);
  await model.archiveAll(1);
  expect(await model.everyVersionRebuilt(1)).toEqual({});
});

test("a store that is away only delays the archive", async () => {
  await model.sql("CREATE TABLE t AS SELECT 1 AS one");
  const archiver = model.start();
  archiver.kick();
  await until("the first is archived", async () => (await model.isArchived(1)) || undefined);
  const folder = join(model.home, "objects", ".unfinished");
  await rename(folder, `${folder}-away`);
  await writeFile(folder, "a file where the folder should be");
  await model.sql("CREATE TABLE late AS SELECT 1 AS one");
  archiver.kick();
  // By then it has tried: the hash comes before the first object.
  await until("it got as far as the store", async () => (await model.version(2)).sha256 ?? undefined);
  expect(await model.isArchived(2)).toBe(false);
  await rm(folder);
  await rename(`${folder}-away`, folder);
  await until("the second is archived", async () => (await model.isArchived(2)) || undefined, {
    timeoutMs: 40_000,
  });
  await archiver.stop();
  expect(await model.everyVersionRebuilt(2)).toEqual({});
});

test("an archiver that was cut off goes on where it was, under the next epoch, too", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `t${String(index).padStart(2, "0")}`);
  await model.sql(names.map((name) => `CREATE TABLE ${name} AS ${rows(0, 20_000)}`).join(";"));
  const archiver = model.start({ epoch: 1 });
  archiver.kick();
  await until("some tables are archived", async () => ((await model.parts(1)).length > 2 ? true : undefined));
  // Its process is killed at once, whatever it does.
  await archiver.stop();
  const before = await model.keys(1);
  expect(await model.isArchived(1)).toBe(false);
  const [done] = await model.archiveAll(1, { epoch: 2 });
  expect(done?.exported).toHaveLength(names.length - before.length);
  expect((await model.keys(1)).slice(0, before.length)).toEqual(before);
  expect(await model.everyVersionRebuilt(1)).toEqual({});
});

test("what an earlier try left under a key, with its record lost, is written anew", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  const folder = `models/${model.modelId}/archive/e1/v1`;
  for (const name of ["t.parquet", "version.json"])
    await model.store.put(`${folder}/${name}`, Buffer.from("of a try"));
  await model.archiveAll(1);
  expect(await model.everyVersionRebuilt(1)).toEqual({});
});

test("kills at any moment cost only time", async () => {
  await model.sql(`CREATE TABLE t AS ${rows(0, 30_000)}; CREATE TABLE u AS ${rows(0, 20_000)}`);
  for (let turn = 0; turn < 4; turn += 1) {
    await model.publish(["append", { table: turn % 2 === 0 ? "t" : "u", rows: [{ n: -turn, h: "x" }] }]);
  }
  await model.removeFiles();
  const random = seeded(7);
  for (let epoch = 1; epoch <= 12; epoch += 1) {
    const archiver = model.start({ epoch, limits: PARTS });
    archiver.kick();
    await setTimeout(100 + random() * 400);
    await archiver.stop();
  }
  await model.archiveAll(5, { epoch: 13, limits: PARTS });
  expect(await model.everyVersionRebuilt(5)).toEqual({});
  expect((await model.parts(5)).map(({ table, rows: count }) => [table, count])).toEqual([
    ["t", 30_000],
    ["t", 1],
    ["t", 1],
    ["u", 20_000],
    ["u", 1],
    ["u", 1],
  ]);
});

test("where the object store is elsewhere, the pack is brought there, once", async () => {
  const version = await model.sql(`CREATE TABLE t AS ${rows(0, 1_000)}`);
  const name = packOfKey(version.pack);
  if (!name) throw new Error("no pack");
  const elsewhere = await openObjectStore({ kind: "directory", path: join(model.home, "elsewhere") });
  const { localPath: _, ...remote } = elsewhere;
  const places = packPlaces(remote, model.versionsDir);
  await mkdir(dirname(places.localPath(name)), { recursive: true });
  await rename(model.store.localPath?.(version.pack) ?? "", places.localPath(name));
  const archiving = await createArchiving({
    versionsDir: model.versionsDir,
    scratchDir: model.scratchDir,
    open: async () => ({ places, blocks: openBlockStore(places) }),
  });
  for (let turn = 0; turn < 2; turn += 1) await archiving({ kind: "upload", file: version.file });
  const brought = await readFile(elsewhere.localPath?.(version.pack) ?? "");
  expect(brought).toEqual(await readFile(places.localPath(name)));
});
