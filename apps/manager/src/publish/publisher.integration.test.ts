import { createHash } from "node:crypto";
import { link, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { seeded } from "@teatree/local-stack/seeded-random";
import { manifestOf } from "@teatree/shared/block-store/block-store";
import { packOfSnapshot } from "@teatree/shared/block-store/pack-name";
import { rootHash } from "@teatree/shared/block-store/root-hash";
import { ModelId } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStoredVersions, type StoredVersions } from "../testing/stored-versions.ts";
import { type Published, type Publisher, PublishRequest } from "./publisher.ts";
import { startPublisher } from "./publisher-host.ts";

const model = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
let home: string;
let publisher: Publisher;
let stored: StoredVersions;
let writer: { connection: DuckDBConnection; close(): void } | undefined;
let version: number;
let last: Published | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-publish-"));
  stored = await openStoredVersions(home);
  publisher = startPublisher(
    { versionsDir: join(home, "versions"), selfCheckEvery: 1 },
    { OBJECT_STORE: `directory:${join(home, "objects")}` },
    createLogger("test", "silent"),
  );
  version = 0;
  last = undefined;
});
afterEach(async () => {
  writer?.close();
  writer = undefined;
  await publisher.stop();
  await rm(home, { recursive: true, force: true });
});

const liveFile = () => join(home, "model.duckdb");
const fileOf = (published: Published) => join(home, "versions", published.file);

/** The writer's process, as far as the file is concerned; it runs in this one because nobody else here opens the file. */
async function openWriter(): Promise<DuckDBConnection> {
  if (writer) return writer.connection;
  const instance = await DuckDBInstance.create(liveFile(), {
    storage_compatibility_version: "v1.4.0",
    default_block_size: "65536",
    wal_autocheckpoint: "1TB",
  });
  const connection = await instance.connect();
  writer = {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
  for (const statement of [
    "CREATE SCHEMA IF NOT EXISTS _teatree",
    "CREATE TABLE IF NOT EXISTS _teatree.ledger (sequence UBIGINT)",
    "CREATE TABLE IF NOT EXISTS _teatree.version_info (version INTEGER)",
  ]) {
    await connection.run(statement);
  }
  return connection;
}

/** Runs statements as one version, checkpointed once. */
async function write(...statements: string[]): Promise<void> {
  const connection = await openWriter();
  version += 1;
  await connection.run("BEGIN");
  for (const statement of statements) await connection.run(statement);
  await connection.run(`INSERT INTO _teatree.ledger VALUES (${version})`);
  await connection.run("DELETE FROM _teatree.version_info");
  await connection.run(`INSERT INTO _teatree.version_info VALUES (${version})`);
  await connection.run("COMMIT");
  await connection.run("CHECKPOINT");
}

async function publish(overrides: Record<string, unknown> = {}): Promise<Published> {
  const base = last ? packOfSnapshot(last.file) : null;
  const request = PublishRequest.parse({
    liveFile: liveFile(),
    model,
    version,
    epoch: 3,
    parent: version > 1 ? version - 1 : null,
    base,
    keep: base ? [base] : [],
    createdAt: "2026-01-02T03:04:05.678Z",
    intents: [],
    tables: [],
    reads: {},
    storageVersion: "v1.4.0",
    engineVersion: "v1.5.6",
    blockSize: 65_536,
    ledgerHead: version,
    ...overrides,
  });
  last = await publisher.publish(request);
  return last;
}

async function rowsOf(path: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${path}' AS model (READ_ONLY)`);
    await connection.run("USE model");
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Rows of a version's file that was made from its blocks alone. */
async function fromBlocks(published: Published, sql: string): Promise<unknown[][]> {
  const path = join(home, `from-blocks-${published.hash}.duckdb`);
  await stored.write(published, path);
  return rowsOf(path, sql).finally(() => rm(path, { force: true }));
}

const numbers = "CREATE TABLE numbers AS SELECT range AS n, hash(range) AS h FROM range(300000)";

test("a first version has every used block in its pack and a manifest that anyone can check", async () => {
  await write(numbers);
  const first = await publish();
  expect(first).toMatchObject({
    file: `${model}/v1-e3.duckdb`,
    pack: `models/${model}/packs/v1-e3.pack`,
    search: "every block",
    made: "copy",
  });
  const manifest = manifestOf(await stored.version(first));
  expect(rootHash(manifest)).toBe(first.hash);
  const path = join(home, "whole.duckdb");
  await stored.write(first, path);
  const bytes = await readFile(path);
  expect(bytes.length).toBe(manifest.bytes);
  expect(manifest.header).toBe(createHash("sha256").update(bytes.subarray(0, 12_288)).digest("hex"));
  for (const [index, hash] of manifest.blocks.entries()) {
    const block = bytes.subarray(12_288 + index * 65_536, 12_288 + (index + 1) * 65_536);
    if (hash === null) expect(block.every((byte) => byte === 0)).toBe(true);
    else expect(hash).toBe(createHash("sha256").update(block).digest("hex"));
  }
});

test("an append stores only the blocks it changed, found without reading the others, and patches an old file", async () => {
  await write(numbers);
  const first = await publish();
  for (let append = 0; append < 10; append += 1) {
    await write(`INSERT INTO numbers SELECT range, range FROM range(${append}, ${append + 1000})`);
    await publish();
  }
  expect(last).toMatchObject({ search: "free list", made: "patch" });
  expect(last?.newBytes).toBeLessThan(first.newBytes / 5);
  expect(last?.writtenBytes).toBeLessThan(2 * (last?.newBytes ?? 0));
  expect(await rowsOf(fileOf(last ?? first), "SELECT count(*) FROM numbers")).toEqual([["310000"]]);
  expect(await fromBlocks(first, "SELECT count(*), sum(n)::VARCHAR FROM numbers")).toEqual([
    ["300000", "44999850000"],
  ]);
});

const MIXED = [
  (n: number) => `INSERT INTO numbers (n, h) SELECT range + ${n}, hash(range) FROM range(5000)`,
  (n: number) => `UPDATE numbers SET h = h // 2 + ${n} WHERE n % 97 = ${n % 97}`,
  (n: number) => `DELETE FROM numbers WHERE n % 89 = ${n % 89}`,
  (n: number) => `ALTER TABLE numbers ADD COLUMN extra_${n} INTEGER DEFAULT ${n}`,
  () => "CREATE OR REPLACE TABLE numbers AS SELECT n, h FROM numbers",
  (n: number) => `CREATE TABLE other_${n} AS SELECT range AS x, 'text ' || range AS t FROM range(20000)`,
  (n: number) => `CREATE INDEX index_${n} ON numbers (h)`,
  () => "CREATE OR REPLACE TABLE dropped AS SELECT range AS y FROM range(50000)",
  () => "DROP TABLE IF EXISTS dropped",
];

test.each([1, 2, 3])(
  "over a random history (seed %i) the search misses no block, and every version reads as it did",
  async (seed) => {
    const random = seeded(seed);
    await write("CREATE TABLE numbers AS SELECT range AS n, hash(range) AS h FROM range(40000)");
    const history: { published: Published; rows: unknown[][] }[] = [];
    const print = "SELECT count(*), sum(n)::VARCHAR, bit_xor(hash(h))::VARCHAR FROM numbers";
    for (let step = 0; step < 40; step += 1) {
      const statement = MIXED[Math.floor(random() * MIXED.length)]?.(step) ?? "SELECT 1";
      // Indexes forbid some changes to their table; what fails is not part of the history.
      if (/^(UPDATE|DELETE|ALTER|CREATE OR)/.test(statement)) {
        const indexes = await (await openWriter()).runAndReadAll("SELECT index_name FROM duckdb_indexes()");
        for (const [name] of indexes.getRows()) await (await openWriter()).run(`DROP INDEX ${name}`);
      }
      await write(statement);
      if (random() < 0.2) await (await openWriter()).run("CHECKPOINT");
      // The publisher may be a new process at any time.
      const published = await publish();
      const reader = await (await openWriter()).runAndReadAll(print);
      history.push({ published, rows: reader.getRowsJson() });
    }
    const methods = new Set(history.map(({ published }) => published.search));
    expect(methods).toContain("free list");
    for (const { published, rows } of history) expect(await fromBlocks(published, print)).toEqual(rows);
  },
  120_000,
);

test("more than one checkpoint after the base makes the search look at every checksum", async () => {
  await write(numbers);
  await publish();
  const connection = await openWriter();
  for (const n of [1, 2, 3]) {
    await connection.run(`INSERT INTO numbers VALUES (${n}, ${n})`);
    await connection.run("CHECKPOINT");
  }
  await write("INSERT INTO numbers VALUES (4, 4)");
  const published = await publish();
  expect(published.search).toBe("checksums");
  expect(await fromBlocks(published, "SELECT count(*) FROM numbers")).toEqual([["300004"]]);
});

describe("a file in use", () => {
  test("is never written to: the next version is made from another, or new", async () => {
    await write(numbers);
    const used: { path: string; hash: string }[] = [];
    for (let append = 0; append < 10; append += 1) {
      await write("INSERT INTO numbers VALUES (0, 0)");
      const path = join(home, `used-${version}.duckdb`);
      await link(fileOf(await publish()), path);
      used.push({
        path,
        hash: createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      });
      expect(last?.made).toBe("copy");
    }
    for (const { path, hash } of used) {
      expect(
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      ).toBe(hash);
    }
  });

  test("gone from the folder, truncated or damaged, is made again from blocks", async () => {
    await write(numbers);
    const published = await publish();
    const whole = await readFile(fileOf(published));
    const file = VersionFile.parse(published.file);
    await rm(fileOf(published));
    await publisher.ensure(file, { keep: [], fresh: false });
    expect(await rowsOf(fileOf(published), "SELECT count(*) FROM numbers")).toEqual([["300000"]]);
    await truncate(fileOf(published), 100_000);
    await publisher.ensure(file, { keep: [], fresh: false });
    expect((await stat(fileOf(published))).size).toBe(whole.length);
    await writeFile(fileOf(published), Buffer.alloc(whole.length, 1));
    await publisher.ensure(file, { keep: [], fresh: true });
    expect(await rowsOf(fileOf(published), "SELECT count(*) FROM numbers")).toEqual([["300000"]]);
  });
});

test.each([
  ["another ledger head", { ledgerHead: 8 }, "its ledger ends at 1, not at 8"],
  ["another version", { version: 5 }, "it says version 1, not 5"],
  [
    "another row count",
    { tables: [{ name: "numbers", rows: 2, schemaHash: "0".repeat(64), contentHash: "c", columns: [] }] },
    "table numbers has 300000 rows, not 2",
  ],
])("a file with %s is refused and leaves nothing behind", async (_, overrides, message) => {
  await write(numbers);
  await expect(publish(overrides)).rejects.toThrow(message);
  expect(await readdir(join(home, "versions", model))).toEqual([]);
  expect(await readdir(join(home, "objects", "models", model, "packs"))).toEqual([]);
});

test("a file that is no database is refused", async () => {
  await writeFile(liveFile(), Buffer.alloc(200_000, 1));
  version = 6;
  await expect(publish()).rejects.toThrow();
});
