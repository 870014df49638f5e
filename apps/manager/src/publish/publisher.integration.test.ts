import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ModelId } from "@teatree/shared/contracts/ids";
import { Manifest } from "@teatree/shared/contracts/versions";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capture, hashFile } from "./capture.ts";
import { rootHash } from "./manifest.ts";
import { type Publisher, PublishRequest } from "./publisher.ts";
import { startPublisher } from "./publisher-host.ts";

const model = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
let home: string;
let publisher: Publisher;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-publish-"));
  publisher = startPublisher(createLogger("test", "silent"));
});
afterAll(async () => {
  await publisher.stop();
  await rm(home, { recursive: true, force: true });
});

const liveFile = () => join(home, "model.duckdb");

/** Runs statements on the live file and closes it, so that no log is left: what a checkpoint does. */
async function write(...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(liveFile(), {
    storage_compatibility_version: "v1.4.0",
    default_block_size: "65536",
  });
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

function request(overrides: Record<string, unknown> = {}): PublishRequest {
  return PublishRequest.parse({
    liveFile: liveFile(),
    versionsDir: join(home, "versions"),
    model,
    version: 1,
    epoch: 3,
    parent: null,
    createdAt: "2026-01-02T03:04:05.678Z",
    intents: [],
    tables: [
      { name: 'odd "name"', rows: 100_000, schemaHash: "0".repeat(64), contentHash: "c", columns: [] },
    ],
    reads: {},
    storageVersion: "v1.4.0",
    engineVersion: "v1.5.6",
    blockSize: 65_536,
    ledgerHead: 7,
    ...overrides,
  });
}

const create = [
  "CREATE SCHEMA _teatree",
  "CREATE TABLE _teatree.ledger (sequence UBIGINT)",
  "CREATE TABLE _teatree.version_info (version INTEGER)",
  "INSERT INTO _teatree.ledger VALUES (7)",
  "INSERT INTO _teatree.version_info VALUES (1)",
  `CREATE TABLE "odd ""name""" AS SELECT range AS n, hash(range) AS h FROM range(100000)`,
];

test("a version is an equal copy with a manifest that anyone can check", async () => {
  await write(...create);
  const published = await publisher.publish(request());
  expect(published).toMatchObject({
    file: `${model}/v1-e3.duckdb`,
    manifestFile: `${model}/v1-e3.manifest.json`,
  });
  const copy = await readFile(join(home, "versions", published.file));
  expect(copy.equals(await readFile(liveFile()))).toBe(true);
  const manifest = Manifest.parse(
    JSON.parse(await readFile(join(home, "versions", published.manifestFile), "utf8")),
  );
  expect(manifest.hash).toBe(published.hash);
  expect(rootHash(manifest)).toBe(published.hash);
  expect(manifest.bytes).toBe(copy.length);
  expect(manifest.header).toBe(createHash("sha256").update(copy.subarray(0, 12_288)).digest("hex"));
  const [block] = manifest.blocks;
  expect(block).toBe(
    createHash("sha256")
      .update(copy.subarray(12_288, 12_288 + 65_536))
      .digest("hex"),
  );
});

test("the next version counts only the blocks its parent lacks as new", async () => {
  const first = await publisher.publish(request());
  await write(
    "INSERT INTO _teatree.ledger VALUES (9)",
    "INSERT INTO _teatree.version_info VALUES (2)",
    "CREATE TABLE small AS SELECT 1 AS one",
  );
  const second = await publisher.publish(
    request({
      version: 2,
      ledgerHead: 9,
      parent: { version: 1, manifestFile: first.manifestFile },
      tables: [{ name: "small", rows: 1, schemaHash: "0".repeat(64), contentHash: "c", columns: [] }],
    }),
  );
  expect(first.newBytes).toBeGreaterThan(second.newBytes);
  expect(second.newBytes).toBeGreaterThan(0);
  const manifest = Manifest.parse(
    JSON.parse(await readFile(join(home, "versions", second.manifestFile), "utf8")),
  );
  expect(manifest.parent).toBe(1);
});

test.each([
  ["another ledger head", { version: 5, ledgerHead: 8 }, "its ledger ends at 9, not at 8"],
  ["another version", { version: 5, ledgerHead: 9 }, "it says version 2, not 5"],
  [
    "another row count",
    {
      version: 2,
      ledgerHead: 9,
      epoch: 4,
      tables: [{ name: "small", rows: 2, schemaHash: "0".repeat(64), contentHash: "c", columns: [] }],
    },
    "table small has 1 rows, not 2",
  ],
])("a copy with %s is refused and leaves nothing behind", async (_, overrides, message) => {
  const before = await readdir(join(home, "versions", model));
  await expect(publisher.publish(request(overrides))).rejects.toThrow(message);
  expect(await readdir(join(home, "versions", model))).toEqual(before);
});

test("a file that is no database is refused", async () => {
  const broken = join(home, "broken.duckdb");
  await writeFile(broken, Buffer.alloc(200_000, 1));
  await expect(publisher.publish(request({ liveFile: broken, version: 6 }))).rejects.toThrow();
});

test("zero blocks are holes in the manifest and in the copy, and hash like the original", async () => {
  const source = join(home, "holes");
  const target = join(home, "holes-copy");
  const body = Buffer.alloc(12_288 + 200 * 65_536 + 100);
  body.fill(7, 0, 12_288 + 65_536);
  body.fill(9, 12_288 + 150 * 65_536);
  await writeFile(source, body);
  const hashes = await capture(source, target, 65_536);
  expect(hashes.blocks).toHaveLength(201);
  expect(hashes.blocks.filter((hash) => hash === null)).toHaveLength(149);
  expect((await readFile(target)).equals(body)).toBe(true);
  expect(await hashFile(target, 65_536)).toEqual(hashes);
  expect((await stat(target)).blocks * 512).toBeLessThan(body.length / 2);
});
