import { describe, expect, test } from "vitest";
import { ModelId } from "../contracts/ids.ts";
import { HEADER_BYTES } from "../contracts/versions.ts";
import {
  applyDelta,
  type Block,
  blockLength,
  blockOffset,
  decodeBlocks,
  deltaIndexes,
  encodeBlocks,
  encodedBytes,
  missingIndexes,
} from "./block-list.ts";

const OURS = ModelId.parse("0198b5a0-0000-7000-8000-000000000001");
const THEIRS = ModelId.parse("0198b5a0-0000-7000-8000-000000000002");

type Blocks = (Block | null)[];

/** A letter is a block of our version 1, a capital one of their version 2, a dot a hole. */
function blocksOf(letters: string): Blocks {
  return [...letters].map((letter) => {
    if (letter === ".") return null;
    const code = letter.charCodeAt(0);
    const isOurs = letter === letter.toLowerCase();
    const pack = isOurs
      ? { model: OURS, version: 1, epoch: 1 }
      : { model: THEIRS, version: 2, epoch: 4_294_967_295 };
    return {
      hash: code.toString(16).padStart(64, "0"),
      checksum: 2n ** 64n - BigInt(code),
      pack,
      slot: code,
    };
  });
}

test.each(["", "a", ".", "abc", "a..B", "ABab.", "zyx....."])("%j comes back as it was", (letters) => {
  const owners: ModelId[] = [];
  const bytes = encodeBlocks(blocksOf(letters), owners);
  expect(bytes.length).toBe(encodedBytes(letters.length, false));
  expect(decodeBlocks(bytes, owners)).toEqual(blocksOf(letters));
});

test("owners are told once each, in the order they are met", () => {
  const owners: ModelId[] = [];
  encodeBlocks(blocksOf("aBAb.b"), owners);
  expect(owners).toEqual([OURS, THEIRS]);
  expect(() => decodeBlocks(encodeBlocks(blocksOf("B"), [OURS]), [OURS])).toThrow("belongs to no model");
});

describe("a difference", () => {
  test.each([
    ["nothing changed", "abc", "abc", 0],
    ["a changed block", "abc", "axc", 1],
    ["a block of another model", "abc", "aBc", 1],
    ["growing", "abc", "abcde", 2],
    ["growing by holes", "abc", "abc..", 0],
    ["shrinking", "abcde", "ab", 0],
    ["shrinking and changing", "abcde", "xb", 1],
    ["a hole where a block was", "abc", "a.c", 1],
    ["a block where a hole was", "a.c", "abc", 1],
    ["from nothing", "", "ab.", 2],
    ["to nothing", "abc", "", 0],
  ])("tells %s", (_, before, after, records) => {
    const owners: ModelId[] = [];
    const indexes = deltaIndexes(blocksOf(after), blocksOf(before));
    expect(indexes).toHaveLength(records);
    const bytes = encodeBlocks(blocksOf(after), owners, indexes);
    expect(bytes.length).toBe(encodedBytes(records, true));
    expect(applyDelta(blocksOf(before), bytes, owners, after.length)).toEqual(blocksOf(after));
  });

  test("tells a block that moved to another pack or slot, though it holds the same", () => {
    const [block] = blocksOf("a");
    if (!block) throw new Error("there is a block");
    const elsewhere = [
      { ...block, slot: block.slot + 1 },
      { ...block, pack: { ...block.pack, epoch: 2 } },
      { ...block, pack: { ...block.pack, version: 2 } },
      { ...block, pack: { ...block.pack, model: THEIRS } },
    ];
    for (const other of elsewhere) expect(deltaIndexes([other], [block])).toEqual([0]);
  });
});

test("what a file lacks of another are its blocks at other places, without holes", () => {
  const list = (letters: string) => ({
    bytes: HEADER_BYTES + letters.length * 10,
    blockSize: 10,
    header: "",
    blocks: blocksOf(letters),
  });
  expect(missingIndexes(list("ab.Bx"), list("ac.b"))).toEqual([1, 3, 4]);
});

test("the last block ends with the file", () => {
  const list = { bytes: HEADER_BYTES + 25, blockSize: 10 };
  expect([0, 1, 2].map((index) => blockLength(list, index))).toEqual([10, 10, 5]);
  expect(blockOffset(list, 2)).toBe(HEADER_BYTES + 20);
});
