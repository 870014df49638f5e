import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { TeatreeError } from "../contracts/errors.ts";
import { ModelId } from "../contracts/ids.ts";
import { manifestDifference, rootText } from "../contracts/version-text.ts";
import { HEADER_BYTES, type Manifest } from "../contracts/versions.ts";
import { planUpdate } from "./snapshot-plan.ts";
import { type SnapshotFile, type SnapshotUpdate, updateSnapshot } from "./snapshot-update.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const BLOCK = 64;
const MODEL = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** Numbers in [0, 1) that are the same at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** A file of blocks that each hold one letter; a dot is a hole, and what is behind the last whole block is cut short. */
function fileOf(letters: string, { header = "h", cut = 0 } = {}): Bytes {
  const bytes = new Uint8Array(HEADER_BYTES + letters.length * BLOCK - cut);
  bytes.fill(header.charCodeAt(0), 0, HEADER_BYTES);
  for (const [index, letter] of [...letters].entries()) {
    const start = HEADER_BYTES + index * BLOCK;
    if (letter !== ".") bytes.fill(letter.charCodeAt(0), start, start + BLOCK);
  }
  return bytes;
}

/** Blocks of which no two are equal. */
function variedFile(blocks: number): Bytes {
  const bytes = new Uint8Array(HEADER_BYTES + blocks * BLOCK);
  return bytes.map((_, at) => (at % 2 === 0 ? at / BLOCK + 1 : at / BLOCK / 256 + 1));
}

function manifestOf(bytes: Bytes, version: number, blockSize = BLOCK): Manifest {
  const blocks: (string | null)[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize);
    blocks.push(block.every((byte) => byte === 0) ? null : sha256(block));
  }
  const hashes = {
    bytes: bytes.length,
    blockSize,
    header: sha256(bytes.subarray(0, HEADER_BYTES)),
    blocks,
  };
  const facts = { model: MODEL, version, parent: null, createdAt: "2026-01-01T00:00:00Z", intents: [] };
  const engine = { tables: [], reads: {}, storageVersion: "v1.4.0", engineVersion: "v1.5.6" };
  return { ...facts, hash: sha256(rootText(hashes)), ...hashes, ...engine };
}

function memoryFile(bytes: Bytes) {
  let held = bytes.slice();
  const file: SnapshotFile = {
    async read(offset, length) {
      if (offset + length > held.length) throw new Error("the file ends before");
      return held.slice(offset, offset + length);
    },
    async write(offset, given) {
      held.set(given, offset);
    },
    async resize(length) {
      const resized = new Uint8Array(length);
      resized.set(held.subarray(0, length));
      held = resized;
    },
  };
  return { file, bytes: () => held };
}

/** What the server would answer about the versions 1 (`before`) and 2 (`after`); `asked` counts blocks. */
function serverOf(before: Bytes, after: Bytes, blockSizes: [number, number] = [BLOCK, BLOCK]) {
  const old = manifestOf(before, 1, blockSizes[0]);
  const manifest = manifestOf(after, 2, blockSizes[1]);
  const known = new Map<string, Bytes>([[manifest.header, after.slice(0, HEADER_BYTES)]]);
  for (const [index, hash] of manifest.blocks.entries()) {
    const at = HEADER_BYTES + index * manifest.blockSize;
    if (hash !== null) known.set(hash, after.slice(at, at + manifest.blockSize));
  }
  const asked: string[] = [];
  const api: SnapshotUpdate["api"] = {
    async getManifest(input) {
      return input.query?.since === undefined ? old : manifestDifference(manifest, old);
    },
    async getBlocks(_, hashes) {
      asked.push(...hashes);
      return new Uint8Array(Buffer.concat(hashes.map((hash) => known.get(hash) ?? new Uint8Array())));
    },
  };
  return { api, asked, old, manifest };
}

const update = (api: SnapshotUpdate["api"], file: SnapshotFile, more: Partial<SnapshotUpdate> = {}) =>
  updateSnapshot({ api, model: "m", from: 1, to: 2, file, ...more });

test.each([
  ["one changed block", "abcd", "abxd", 1],
  ["a block that becomes a hole, and a hole that becomes a block", "a.cd", "ab.d", 1],
  ["a longer file", "ab", "abcd..", 2],
  ["a shorter file", "abcdef", "ab", 0],
  ["a shorter file that ends in new holes", "abcdef", "ab..", 0],
  ["the same block at three places, fetched once", "abcd", "xxxd", 1],
  ["nothing", "abcd", "abcd", 0],
])("%s: only what differs is fetched, and the file is the new one", async (_, from, to, blocks) => {
  const { api, asked, old, manifest } = serverOf(fileOf(from), fileOf(to));
  const held = memoryFile(fileOf(from));
  const updated = await update(api, held.file, { have: old });
  expect(Buffer.from(held.bytes()).equals(fileOf(to))).toBe(true);
  expect(asked).toHaveLength(blocks);
  expect(updated).toMatchObject({ version: 2, hash: manifest.hash, fileBytes: manifest.bytes });
});

test.each(Array.from({ length: 100 }, (_, seed) => seed + 1))(
  "any file becomes any other (seed %i)",
  async (seed) => {
    const random = dice(seed);
    const letters = () =>
      Array.from({ length: 1 + Math.floor(random() * 60) }, () => "...abcdefgh"[Math.floor(random() * 11)]);
    const make = () => fileOf(letters().join(""), { header: random() < 0.5 ? "h" : "H", cut: seed % 3 });
    const [before, after] = [make(), make()];
    const sizes: [number, number] = seed % 7 === 0 ? [BLOCK, BLOCK * 2] : [BLOCK, BLOCK];
    const { api, asked, old, manifest } = serverOf(before, after, sizes);
    const held = memoryFile(before);
    const updated = await update(api, held.file, seed % 2 === 0 ? { have: old } : {});
    expect(Buffer.from(held.bytes()).equals(after)).toBe(true);
    expect(new Set(asked).size).toBe(asked.length);
    expect(updated.hash).toBe(manifest.hash);
  },
);

test("without the manifest of the file the header is fetched in any case, else only when it changed", async () => {
  const [before, after] = [fileOf("abcd"), fileOf("axyd")];
  const { api, old } = serverOf(before, after);
  expect((await update(api, memoryFile(before).file)).changedBytes).toBe(HEADER_BYTES + 2 * BLOCK);
  const known = await update(api, memoryFile(before).file, { have: old });
  expect(known.changedBytes).toBe(2 * BLOCK);
  const other = serverOf(before, fileOf("axyd", { header: "H" }));
  const changed = await update(other.api, memoryFile(before).file, { have: other.old });
  expect(changed.changedBytes).toBe(HEADER_BYTES + 2 * BLOCK);
});

test("a file that is not the version it was said to be is found out", async () => {
  for (const at of [HEADER_BYTES + 3, HEADER_BYTES + 2 * BLOCK]) {
    const { api } = serverOf(fileOf("ab.d"), fileOf("ax.d"));
    const spoilt = fileOf("ab.d");
    spoilt[at] = 1;
    await expect(update(api, memoryFile(spoilt).file)).rejects.toMatchObject({ code: "block_damaged" });
  }
});

test("cut off in the middle, the same call brings it to an end", async () => {
  const after = variedFile(3_000);
  const { api } = serverOf(fileOf("abc"), after);
  const held = memoryFile(fileOf("abc"));
  let batches = 0;
  const failing: SnapshotUpdate["api"] = {
    ...api,
    async getBlocks(...input) {
      batches += 1;
      if (batches === 2) throw new TeatreeError("unavailable", "gone");
      return api.getBlocks(...input);
    },
  };
  await expect(update(failing, held.file)).rejects.toMatchObject({ code: "unavailable" });
  await update(failing, held.file);
  expect(Buffer.from(held.bytes()).equals(after)).toBe(true);
});

test("tells how far it is, and what it moved and saved", async () => {
  const before = fileOf("a".repeat(2_000));
  const after = fileOf(`${"a".repeat(1_990)}bcdefghijk`);
  const { api, old, manifest } = serverOf(before, after);
  const seen: unknown[] = [];
  const onProgress = (progress: unknown) => seen.push(progress);
  const updated = await update(api, memoryFile(before).file, { have: old, onProgress });
  expect(seen.at(-1)).toEqual({ bytes: 10 * BLOCK, totalBytes: 10 * BLOCK });
  const difference = JSON.stringify(manifestDifference(manifest, old)).length;
  expect(updated.movedBytes).toBeGreaterThan(difference + 10 * BLOCK);
  expect(updated.movedBytes + updated.savedBytes).toBe(after.length);
});

test("takes the caller's hash function, and ends when the caller says so", async () => {
  const { api } = serverOf(fileOf("ab"), fileOf("ax"));
  let hashed = 0;
  const own = async (bytes: Uint8Array) => {
    hashed += bytes.length;
    return sha256(bytes);
  };
  await update(api, memoryFile(fileOf("ab")).file, { sha256: own });
  expect(hashed).toBeGreaterThan(2 * HEADER_BYTES);
  const ended = update(api, memoryFile(fileOf("ab")).file, {
    signal: AbortSignal.abort(new Error("enough")),
  });
  await expect(ended).rejects.toThrow("enough");
});

test.each([
  ["another block", (bytes: Bytes) => bytes.map((byte) => byte ^ 1)],
  ["a block too short", (bytes: Bytes) => bytes.subarray(1)],
])("%s than the one asked for is never written", async (_, spoil) => {
  const { api } = serverOf(fileOf("abcd"), fileOf("axcd"));
  const held = memoryFile(fileOf("abcd"));
  const lying: SnapshotUpdate["api"] = {
    ...api,
    getBlocks: async (...input) => spoil(await api.getBlocks(...input)),
  };
  await expect(update(lying, held.file)).rejects.toMatchObject({ code: "block_damaged" });
  expect(Buffer.from(held.bytes()).equals(fileOf("abcd"))).toBe(true);
});

test("a difference from another version or model is refused", () => {
  const { old, manifest } = serverOf(fileOf("a"), fileOf("b"));
  const difference = manifestDifference(manifest, old);
  expect(() => planUpdate(difference, { ...old, version: 3 })).toThrow("does not begin at");
  const other = ModelId.parse("0198b5a0-0000-7000-8000-000000000002");
  expect(() => planUpdate(difference, { ...old, model: other })).toThrow("does not begin at");
});

test("many blocks are asked for in several requests, equal ones once; neighbouring holes are one range", () => {
  const { old, manifest } = serverOf(fileOf("x"), variedFile(700));
  const plan = planUpdate(manifestDifference(manifest, old), old);
  expect(plan.batches.map((batch) => batch.length)).toEqual([256, 256, 189]);
  const wanted = plan.batches.flat();
  expect(new Set(wanted.map(({ hash }) => hash)).size).toBe(wanted.length);
  const holes = serverOf(fileOf("abcdef"), fileOf("a..d.f"));
  const { zero } = planUpdate(manifestDifference(holes.manifest, holes.old), holes.old);
  expect(zero).toEqual([
    { offset: HEADER_BYTES + BLOCK, length: 2 * BLOCK },
    { offset: HEADER_BYTES + 4 * BLOCK, length: BLOCK },
  ]);
});
