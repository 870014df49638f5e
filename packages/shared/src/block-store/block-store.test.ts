import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ModelId } from "../contracts/ids.ts";
import { HEADER_BYTES } from "../contracts/versions.ts";
import { openDirectoryStore } from "../object-store/directory-store.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { type BlockStore, type Fallback, openBlockStore, type StoredVersion } from "./block-store.ts";
import { type PackName, packKey } from "./pack-name.ts";
import { type PackPlaces, packPlaces } from "./pack-places.ts";
import { snapshotBytes } from "./snapshot-bytes.ts";
import { cutInHalf, damageSlot, flipByte, placesIn, remove, thinPack } from "./testing/damage.ts";
import { packFile } from "./testing/pack-file.ts";

const MODEL = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
const OTHER = ModelId.parse("0198b5a0-0000-7000-8000-000000000002");
const V1: PackName = { model: MODEL, version: 1, epoch: 1 };
const V2: PackName = { model: MODEL, version: 2, epoch: 1 };
const BLOCK = 4_096;

let folder: string;
let store: ObjectStore;
let places: PackPlaces;
let blocks: BlockStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "teatree-blocks-"));
  // Like S3: there is no path to its objects, so a pack has a local copy and one in the store.
  const { localPath: _, ...remote } = await openDirectoryStore(join(folder, "objects"));
  store = remote;
  places = packPlaces(store, join(folder, "versions"));
  blocks = openBlockStore(places);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Letters are blocks, a dot is a hole; small ones shrink when they are compressed, capital ones hardly. */
function fileOf(letters: string, cut = 0): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + letters.length * BLOCK - cut);
  bytes.fill("header", 0, HEADER_BYTES);
  for (const [index, letter] of [...letters].entries()) {
    const start = HEADER_BYTES + index * BLOCK;
    if (letter === ".") continue;
    let state = letter.charCodeAt(0);
    for (let at = start; at < Math.min(start + BLOCK, bytes.length); at += 1) {
      state = letter === letter.toLowerCase() ? state : (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[at] = state >>> 24 || letter.charCodeAt(0);
    }
  }
  return bytes;
}

async function upload(name: PackName): Promise<void> {
  await store.putFile(packKey(name), places.localPath(name));
}

async function wholeFile(version: StoredVersion, fallback?: Fallback): Promise<Buffer> {
  const span = { start: 0, end: version.list.bytes - 1 };
  const parts: Buffer[] = [];
  for await (const part of snapshotBytes(blocks, version, span, fallback)) parts.push(part);
  return Buffer.concat(parts);
}

const readAll = async (name: PackName, fallback?: Fallback) =>
  wholeFile(await blocks.version(name), fallback);

describe("a pack", () => {
  test.each([
    ["compressed", true],
    ["as they are", false],
  ])("gives its blocks back when they were stored %s", async (_, compress) => {
    const bytes = fileOf("abA.BcC..d", 100);
    await packFile(places, V1, bytes, { blockSize: BLOCK, compress });
    expect((await readAll(V1)).equals(bytes)).toBe(true);
    const { slots } = await placesIn(places.localPath(V1));
    const shrunk = slots.filter(({ stored, raw }) => stored < raw).length;
    expect(shrunk).toBe(compress ? 5 : 0);
  });

  test("holds only what its version brought; a list may be the difference to an older one", async () => {
    const first = await packFile(places, V1, fileOf("abcdefgh"), { blockSize: BLOCK });
    const bytes = fileOf("abXd.fghij");
    const second = await packFile(places, V2, bytes, { blockSize: BLOCK, base: first, asDelta: true });
    expect(second.newBytes).toBe(HEADER_BYTES + 3 * BLOCK);
    expect((await readAll(V2)).equals(bytes)).toBe(true);
    expect((await blocks.version(V2)).list).toEqual(second.list);
  });

  test.each([
    ["nothing but a header", ""],
    ["holes alone", "...."],
    ["equal blocks", "aaaa"],
  ])("of a file of %s is read like any other", async (_, letters) => {
    await packFile(places, V1, fileOf(letters), { blockSize: BLOCK });
    expect((await readAll(V1)).equals(fileOf(letters))).toBe(true);
  });

  test.each([
    [0, 0],
    [0, HEADER_BYTES - 1],
    [HEADER_BYTES - 1, HEADER_BYTES],
    [HEADER_BYTES + 5, HEADER_BYTES + 9],
    [HEADER_BYTES + BLOCK - 1, HEADER_BYTES + 3 * BLOCK + 1],
    [HEADER_BYTES + 2 * BLOCK + 7, HEADER_BYTES + 2 * BLOCK + 8],
    [HEADER_BYTES + 5 * BLOCK, HEADER_BYTES + 6 * BLOCK - 101],
    [7, 1_000_000],
  ])("gives just the bytes %i to %i", async (start, end) => {
    const bytes = fileOf("aB.dE.", 100);
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    const parts: Buffer[] = [];
    for await (const part of snapshotBytes(blocks, await blocks.version(V1), { start, end }))
      parts.push(part);
    expect(Buffer.concat(parts).equals(bytes.subarray(start, end + 1))).toBe(true);
  });
});

describe("damage", () => {
  const text = "abA.Bc";
  const bytes = fileOf(text);
  const foreign = async (path: string, name: PackName) => {
    const elsewhere = packPlaces(store, join(folder, "elsewhere"));
    await packFile(elsewhere, name, fileOf("zzzzzz"), { blockSize: BLOCK });
    await copyFile(elsewhere.localPath(name), path);
  };
  const harms: [string, (path: string) => Promise<void>][] = [
    ["a flipped byte in the header", (path) => damageSlot(path, 0)],
    ["a flipped byte in a compressed block", (path) => damageSlot(path, 1)],
    ["a flipped byte in a raw block", (path) => damageSlot(path, 3)],
    ["a flipped byte in the last block", (path) => damageSlot(path, 5)],
    ["a flipped byte in the record", async (path) => flipByte(path, (await placesIn(path)).index + 5)],
    ["a flipped byte in the table of slots", (path) => flipByte(path, -80)],
    ["a footer with another place", (path) => flipByte(path, -76)],
    ["a footer with another length", (path) => flipByte(path, -62)],
    ["a footer with another hash", (path) => flipByte(path, -40)],
    ["a footer without magic", (path) => flipByte(path, -1)],
    ["a pack cut in half", cutInHalf],
    ["a pack that is gone", remove],
    ["another model's pack under its name", (path) => foreign(path, { ...V1, model: OTHER })],
    ["another version's pack under its name", (path) => foreign(path, { ...V1, version: 9 })],
  ];

  test.each(harms)("%s is told, and no wrong byte is given", async (_, harm) => {
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    await harm(places.localPath(V1));
    await expect(readAll(V1)).rejects.toMatchObject({
      code: "block_damaged",
      details: { pack: packKey(V1) },
    });
  });

  test.each(harms)("%s is read around when the store has a good copy", async (_, harm) => {
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    await upload(V1);
    await harm(places.localPath(V1));
    expect((await readAll(V1)).equals(bytes)).toBe(true);
  });

  test.each(harms)("%s after its list was read is told as well", async (_, harm) => {
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    const version = await blocks.version(V1);
    await harm(places.localPath(V1));
    const outcome = await wholeFile(version).catch((error) => error);
    if (outcome instanceof Buffer) expect(outcome.equals(bytes)).toBe(true);
    else expect(outcome).toMatchObject({ code: "block_damaged" });
  });

  test.each(harms)("%s is made good from a file of the version", async (_, harm) => {
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    const version = await blocks.version(V1);
    await harm(places.localPath(V1));
    const file: Fallback = async (offset, length) => bytes.subarray(offset, offset + length);
    expect((await wholeFile(version, file)).equals(bytes)).toBe(true);
  });

  test.each<[string, Fallback]>([
    ["has other bytes", async (_, length) => Buffer.alloc(length, 1)],
    ["is not there", async () => null],
    ["cannot be read", () => Promise.reject(new Error("EIO"))],
  ])("a fallback that %s does not help", async (_, file) => {
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    await damageSlot(places.localPath(V1), 2);
    await expect(readAll(V1, file)).rejects.toMatchObject({ code: "block_damaged" });
  });

  test("both copies may be damaged, each elsewhere", async () => {
    await packFile(places, V1, bytes, { blockSize: BLOCK });
    const path = places.localPath(V1);
    await damageSlot(path, 2);
    await upload(V1);
    await damageSlot(path, 2);
    await damageSlot(path, 4);
    expect((await readAll(V1)).equals(bytes)).toBe(true);
  });

  test("a difference is not applied to another list than the one it was made to", async () => {
    const first = await packFile(places, V1, bytes, { blockSize: BLOCK });
    await packFile(places, V2, fileOf("abA.Bcd"), { blockSize: BLOCK, base: first, asDelta: true });
    await foreign(places.localPath(V1), V1);
    await expect(blocks.version(V2)).rejects.toMatchObject({ code: "block_damaged" });
  });
});

describe("a pack that is thinned", () => {
  test("is read by its new index, though the old one is remembered", async () => {
    const first = await packFile(places, V1, fileOf("abAcBd"), { blockSize: BLOCK });
    const bytes = fileOf("xbAyBz");
    await packFile(places, V2, bytes, { blockSize: BLOCK, base: first });
    expect((await readAll(V2)).equals(bytes)).toBe(true);
    await thinPack(places.localPath(V1), (slot) => [1, 4, 6].includes(slot));
    expect((await readAll(V2)).equals(bytes)).toBe(true);
    await expect(readAll(V1)).rejects.toMatchObject({ code: "block_damaged" });
  });

  test("stays readable while only one of its copies is the new one", async () => {
    const first = await packFile(places, V1, fileOf("abAcBd"), { blockSize: BLOCK });
    const bytes = fileOf("xbAyBz");
    await packFile(places, V2, bytes, { blockSize: BLOCK, base: first });
    await thinPack(places.localPath(V1), (slot) => [1, 4, 6].includes(slot));
    await upload(V1);
    await rm(places.localPath(V1));
    expect((await readAll(V2)).equals(bytes)).toBe(true);
  });

  test("is asked anew when it was written anew under its name", async () => {
    await packFile(places, V1, fileOf("abc"), { blockSize: BLOCK });
    await readAll(V1);
    await packFile(places, V1, fileOf("xyz."), { blockSize: BLOCK });
    blocks.forget(V1);
    expect((await readAll(V1)).equals(fileOf("xyz."))).toBe(true);
  });
});

test("a reader that stops leaves nothing open, and no more is read than the piece on its way", async () => {
  const bytes = fileOf("A".repeat(2_500));
  await packFile(places, V1, bytes, { blockSize: BLOCK, compress: false });
  let opened = 0;
  let open = 0;
  const counted: PackPlaces = {
    ...places,
    async *copies(name) {
      for await (const copy of places.copies(name)) {
        opened += 1;
        open += 1;
        yield {
          ...copy,
          async close() {
            await copy.close();
            open -= 1;
          },
        };
      }
    },
  };
  const watched = openBlockStore(counted);
  const version = await watched.version(V1);
  await watched.header(version);
  opened = 0;
  for await (const { index } of watched.read(version.list, version.list.blocks.keys())) {
    expect(index).toBe(0);
    break;
  }
  // Of the five pieces of 2 MB.
  expect({ opened, open }).toEqual({ opened: 2, open: 0 });
});
