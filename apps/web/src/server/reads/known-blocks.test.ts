import type { BlockList } from "@teatree/shared/block-store/block-list";
import { ModelId } from "@teatree/shared/contracts/ids";
import { expect, test } from "vitest";
import { createKnownBlocks, HEADER, type KnownBlocks } from "./known-blocks.ts";

const model = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");

/** A letter is a block, a dot a hole; the header is named by the version. */
function listOf(version: number, letters: string): BlockList {
  const pack = { model, version, epoch: 1 };
  const blocks = [...letters].map((hash, slot) => (hash === "." ? null : { hash, checksum: 0n, pack, slot }));
  return { bytes: 0, blockSize: 1, header: `h${version}`, blocks };
}

/** Finds hashes in versions, the last of which is the newest, and says which lists were looked at. */
async function find(known: KnownBlocks, versions: Record<number, string>, hashes: string[]) {
  const read: number[] = [];
  const numbers = Object.keys(versions).map(Number);
  known.keep(new Set(numbers));
  const places = await known.find(hashes, numbers.toReversed(), async (version) => {
    read.push(version);
    return listOf(version, versions[version] ?? "");
  });
  return { places: Object.fromEntries(places), read };
}

test("looks through the newest versions first, and no further than it must", async () => {
  const known = createKnownBlocks();
  const versions = { 1: "abc", 2: "xbc", 3: "xb." };
  expect(await find(known, versions, ["b", "h3"])).toEqual({
    places: { b: { version: 3, index: 1 }, h3: { version: 3, index: HEADER } },
    read: [3],
  });
  expect(await find(known, versions, ["c"])).toEqual({ places: { c: { version: 2, index: 2 } }, read: [2] });
  expect(await find(known, versions, ["x", "b", "c"])).toMatchObject({ read: [] });
});

test("an unknown hash is looked for once in each version", async () => {
  const known = createKnownBlocks();
  expect(await find(known, { 1: "a", 2: "b" }, ["?"])).toEqual({ places: {}, read: [2, 1] });
  expect(await find(known, { 1: "a", 2: "b" }, ["?", "!"])).toEqual({ places: {}, read: [] });
  expect(await find(known, { 1: "a", 2: "b", 3: "?" }, ["?", "!"])).toEqual({
    places: { "?": { version: 3, index: 0 } },
    read: [3],
  });
});

test("what only a removed version had is not known any more; what an older one has, too, is found there", async () => {
  const known = createKnownBlocks();
  await find(known, { 1: "ab", 2: "abX", 3: "a" }, ["?"]);
  expect(await find(known, { 1: "ab", 3: "a" }, ["X", "b", "h2"])).toEqual({
    places: { b: { version: 1, index: 1 } },
    read: [1],
  });
  expect(await find(known, { 3: "a" }, ["b", "h1"])).toEqual({ places: {}, read: [] });
});

test.each([0, 4, 7, 1_000])("with room for %i blocks it answers the same", async (most) => {
  const known = createKnownBlocks(most);
  const versions = { 1: "abc", 2: "ade", 3: "afg" };
  for (let round = 0; round < 2; round += 1) {
    const { places, read } = await find(known, versions, ["b", "d", "f", "?", "h1"]);
    expect(places).toEqual({
      b: { version: 1, index: 1 },
      d: { version: 2, index: 1 },
      f: { version: 3, index: 1 },
      h1: { version: 1, index: HEADER },
    });
    if (most === 1_000) expect(read).toEqual(round === 0 ? [3, 2, 1] : []);
  }
});
