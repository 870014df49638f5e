import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { FileHashes } from "../contracts/version-text.ts";
import { blockCount } from "./block-list.ts";
import { rootHash } from "./root-hash.ts";

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
