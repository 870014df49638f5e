import { hash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encodeBlocks } from "@teatree/shared/block-store/block-list";
import { openBlockStore, readIndex } from "@teatree/shared/block-store/block-store";
import { packKey } from "@teatree/shared/block-store/pack-name";
import { type PackPlaces, packPlaces } from "@teatree/shared/block-store/pack-places";
import { createPack } from "@teatree/shared/block-store/pack-writer";
import { rootHash } from "@teatree/shared/block-store/root-hash";
import { ModelId } from "@teatree/shared/contracts/ids";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../publish/snapshot-files.ts";
import { openPackFiles } from "./pack-files.ts";

const model = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
const name = { model, version: 1, epoch: 1 };
const key = packKey(name);
const blocks = Array.from({ length: 6 }, () => randomBytes(4_096));
const hashes = blocks.map((bytes) => hash("sha256", bytes, "hex"));
const named = new Map([2, 3, 5].map((slot) => [slot, hashes[slot] ?? ""]));
let home: string;
/** Places as with S3: the store lies elsewhere, and packs have a copy on this machine. */
let places: PackPlaces;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-packs-"));
  const store = await openObjectStore({ kind: "directory", path: join(home, "objects") });
  places = packPlaces({ ...store, localPath: undefined }, join(home, "versions"));
  await makeFolder(dirname(places.localPath(name)));
  const pack = await createPack(places.localPath(name), { compress: false });
  await pack.add(blocks);
  const list = hashes.map((each, slot) => ({ hash: each, checksum: 1n, pack: name, slot }));
  const shape = { bytes: 12_288 + 6 * 4_096, blockSize: 4_096, header: hashes[0] ?? "" };
  const record = {
    ...{ model, version: 1, parent: null, createdAt: "2026-01-01T00:00:00Z" },
    ...{ hash: rootHash({ ...shape, blocks: hashes }), ...shape, intents: [], tables: [], reads: {} },
    ...{
      storageVersion: "v1.4.0",
      engineVersion: "v1.5.6",
      owners: [model],
      list: { kind: "whole" as const },
    },
    ...{ iteration: 1, metadataBlocks: [] },
  };
  await pack.finish({ record, list: encodeBlocks(list, [model]) });
  await places.store.putFile(key, places.localPath(name));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const remoteBytes = async () => (await places.store.head(key))?.bytes;
const localBytes = async () => (await stat(places.localPath(name)).catch(() => null))?.size;

test("a thinned pack has the named blocks in their slots and nothing else, here and in the object store", async () => {
  const before = await readIndex(places, name);
  const files = await openPackFiles(places, model);
  await files.thin(name, named);
  const index = await readIndex(places, name);
  expect(index.record).toEqual(before.record);
  expect(index.list).toEqual(before.list);
  expect(index.slots.map(({ stored }) => stored)).toEqual([0, 0, 4_096, 4_096, 0, 4_096]);
  expect(await localBytes()).toBe(await remoteBytes());
  const { list } = await openBlockStore(places).version(name);
  const read = [];
  for await (const block of openBlockStore(places).read(list, named.keys())) read.push(block.bytes);
  expect(read).toEqual([blocks[2], blocks[3], blocks[5]]);
});

test("cut off between the two copies, the next time brings the object store along", async () => {
  const fat = await readFile(places.localPath(name));
  await (await openPackFiles(places, model)).thin(name, named);
  await places.store.put(key, fat);
  const files = await openPackFiles(places, model);
  expect(await files.settle(name)).toBe(await localBytes());
  expect(await remoteBytes()).toBe(await localBytes());
});

test("a pack that lies in the object store only is thinned there", async () => {
  const fat = await remoteBytes();
  await rm(places.localPath(name));
  await (await openPackFiles(places, model)).thin(name, named);
  expect(await remoteBytes()).toBeLessThan(fat ?? 0);
});

test("a damaged copy is passed over; without a good one the pack stays as it is", async () => {
  const bytes = await readFile(places.localPath(name));
  bytes[8 + 2 * 4_096 + 100] = (bytes[8 + 2 * 4_096 + 100] ?? 0) ^ 0xff;
  await rm(places.localPath(name));
  await places.store.put(key, bytes);
  await expect((await openPackFiles(places, model)).thin(name, named)).rejects.toThrow("damaged");
  expect(await remoteBytes()).toBe(bytes.length);
  expect(await localBytes()).toBeUndefined();
});

test("a pack is removed everywhere, and removing it again is no error", async () => {
  const files = await openPackFiles(places, model);
  expect([...files.keys]).toEqual([key]);
  await files.remove(name);
  await files.remove(name);
  expect([...(await openPackFiles(places, model)).keys]).toEqual([]);
});
