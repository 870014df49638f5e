import { createHash } from "node:crypto";
import { seeded } from "@teatree/local-stack/seeded-random";
import { describe, expect, test } from "vitest";
import { ModelId } from "../contracts/ids.ts";
import type { FileHashes } from "../contracts/version-text.ts";
import { type Block, type BlockList, blockCount } from "./block-list.ts";
import { createRootHasher, hashesOf, rootHash } from "./root-hash.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const file = (blocks: (string | null)[], overrides: Partial<FileHashes> = {}): FileHashes => ({
  bytes: 12_288 + blocks.length * 65_536,
  blockSize: 65_536,
  header: hash("header"),
  blocks: blocks.map((block) => (block === null ? null : hash(block))),
  ...overrides,
});

test("the root hash is SHA-256 over the text of the public contract", () => {
  const text = `teatree-version-1\n65536\n143360\n${hash("header")}\n${hash("a")}\n-\n`;
  expect(rootHash(file(["a", null]))).toBe(hash(text));
});

test.each([
  ["another block", file(["a", "c"])],
  ["another order", file(["b", "a"])],
  ["a hole for a block", file(["a", null])],
  ["another header", file(["a", "b"], { header: hash("other") })],
  ["another length", file(["a", "b"], { bytes: 1 })],
  ["another block size", file(["a", "b"], { blockSize: 262_144 })],
])("the root hash changes with %s", (_, other) => {
  expect(rootHash(other)).not.toBe(rootHash(file(["a", "b"])));
});

test.each([
  [0, 0],
  [12_288, 0],
  [12_289, 1],
  [12_288 + 65_536, 1],
  [12_288 + 65_537, 2],
])("a file of %i bytes has %i blocks", (bytes, blocks) => {
  expect(blockCount(bytes, 65_536)).toBe(blocks);
});

describe("hashing one version after the other", () => {
  const pack = { model: ModelId.parse("0198b5a0-0000-7000-8000-000000000001"), version: 1, epoch: 1 };
  const block = (text: string): Block => ({ hash: hash(text), checksum: 0n, pack, slot: 0 });
  const list = (blocks: (Block | null)[]): BlockList => ({
    bytes: 12_288 + blocks.length * 65_536,
    blockSize: 65_536,
    header: hash(`header ${blocks.length}`),
    blocks,
  });

  test.each([1, 2, 3, 4])(
    "gives every one's own root hash, whatever the one before was (seed %i)",
    (seed) => {
      const random = seeded(seed);
      const rootHashOf = createRootHasher();
      let blocks: (Block | null)[] = [];
      for (let version = 0; version < 60; version += 1) {
        blocks = changed(blocks, random, version);
        expect(rootHashOf(list(blocks)), `version ${version}`).toBe(rootHash(hashesOf(list(blocks))));
      }
    },
  );

  /** Some blocks other, some holes, and the file longer, shorter or as long as it was. */
  function changed(blocks: (Block | null)[], random: () => number, version: number): (Block | null)[] {
    const made = blocks.slice(0, random() < 0.3 ? Math.floor(random() * blocks.length) : blocks.length);
    const grown = random() < 0.5 ? Math.floor(random() * 300) : 0;
    for (let more = 0; more < grown; more += 1) made.push(block(`${version} grown ${more}`));
    for (let change = 0; change < 5 && made.length > 0; change += 1) {
      const index = Math.floor(random() * made.length);
      made[index] = random() < 0.3 ? null : block(`${version} changed ${change}`);
    }
    return made;
  }
});
