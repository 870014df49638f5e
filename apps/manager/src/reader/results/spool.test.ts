import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSpool, type Spool, spoolMemory } from "./spool.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "teatree-spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Pieces of all sizes around the limits of gathering, each byte telling where it belongs. */
function pieces(): Uint8Array[] {
  const sizes = [
    10, 16_383, 16_384, 1, 100_000, 0, 65_536, 3, 40_000, 15_000, 15_000, 15_000, 15_000, 15_000,
  ];
  let next = 0;
  return sizes.map((size) => Uint8Array.from({ length: size }, () => next++ % 251));
}

async function sent(spool: Spool): Promise<Buffer> {
  const target = new PassThrough();
  const [bytes] = await Promise.all([buffer(target), spool.send(target)]);
  return bytes;
}

test("what was added comes out in order, and its length is known before", async () => {
  const spool = createSpool(folder, "a", spoolMemory(10_000_000));
  const all = pieces();
  for (const piece of all) await spool.add([piece]);
  const expected = Buffer.concat(all);
  expect(spool.bytes).toBe(expected.length);
  expect((await sent(spool)).equals(expected)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});

test("what does not fit into memory waits in a file that goes with the spool", async () => {
  const memory = spoolMemory(100_000);
  const spool = createSpool(folder, "a", memory);
  const all = pieces();
  await spool.add(all);
  expect(await readdir(folder)).toEqual(["a.part"]);
  expect((await sent(spool)).equals(Buffer.concat(all))).toBe(true);
  await spool.dispose();
  expect(await readdir(folder)).toEqual([]);
  expect(memory.reserve(100_000)).toBe(true);
});

test("a finished file is sent and removed", async () => {
  const path = join(folder, "made.parquet");
  await writeFile(path, "PAR1");
  const spool = createSpool(folder, "a", spoolMemory(0));
  spool.adopt(path, 4);
  expect(spool.bytes).toBe(4);
  expect((await sent(spool)).toString()).toBe("PAR1");
  await spool.dispose();
  expect(await readdir(folder)).toEqual([]);
});

test("disposing twice gives memory back once", async () => {
  const memory = spoolMemory(100_000);
  const spool = createSpool(folder, "a", memory);
  await spool.add([new Uint8Array(50_000)]);
  await spool.dispose();
  await spool.dispose();
  expect([memory.reserve(100_000), memory.reserve(1)]).toEqual([true, false]);
});
