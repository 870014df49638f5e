import type { ModelId } from "../contracts/ids.ts";
import { HEADER_BYTES } from "../contracts/versions.ts";
import type { PackName } from "./pack-name.ts";

/** One block of a snapshot: what it holds, and where that is stored. */
export type Block = {
  /** SHA-256 in hex. */
  hash: string;
  /** The eight bytes at its head, DuckDB's own checksum: what tells a changed block without reading it. */
  checksum: bigint;
  pack: PackName;
  /** Which block of the pack. */
  slot: number;
};

/**
 * What a snapshot is made of: its header of {@link HEADER_BYTES}, then blocks of one size; null is a hole, a block that DuckDB
 * does not use and that reads as zero bytes.
 */
export type BlockList = {
  /** Length of the file. */
  bytes: number;
  blockSize: number;
  /** SHA-256 in hex of the header. It is the first slot of the version's own pack. */
  header: string;
  blocks: readonly (Block | null)[];
};

/** How many blocks lie behind the header; the last one may be cut short. */
export function blockCount(bytes: number, blockSize: number): number {
  return Math.max(0, Math.ceil((bytes - HEADER_BYTES) / blockSize));
}

/** Length of the block at an index. */
export function blockLength(list: Pick<BlockList, "bytes" | "blockSize">, index: number): number {
  return Math.min(list.blockSize, list.bytes - HEADER_BYTES - index * list.blockSize);
}

/** Where in the file the block at an index begins. */
export function blockOffset(list: Pick<BlockList, "blockSize">, index: number): number {
  return HEADER_BYTES + index * list.blockSize;
}

/** Indexes at which `list` has a block that `other` has not at that place. Holes need not be written and are left out. */
export function missingIndexes(list: BlockList, other: BlockList): number[] {
  const found: number[] = [];
  // By index: an iterator over 16,000 entries takes milliseconds, and a publication is done in ten.
  for (let index = 0; index < list.blocks.length; index += 1) {
    const block = list.blocks[index] ?? null;
    const known = other.blocks[index] ?? null;
    if (block !== null && block !== known && known?.hash !== block.hash) found.push(index);
  }
  return found;
}

/** hash 32, checksum 8, owner 2, version 4, epoch 4, slot 4. */
export const RECORD_BYTES = 54;
/** The same behind the index it stands at, 4. */
const DELTA_BYTES = 4 + RECORD_BYTES;

/** The blocks as bytes, every one or only those at `indexes`. `owners` collects the models whose packs are named. */
export function encodeBlocks(
  blocks: BlockList["blocks"],
  owners: ModelId[],
  indexes?: readonly number[],
): Buffer {
  if (indexes === undefined) {
    const bytes = Buffer.alloc(blocks.length * RECORD_BYTES);
    for (const [index, block] of blocks.entries()) writeRecord(bytes, index * RECORD_BYTES, block, owners);
    return bytes;
  }
  const bytes = Buffer.alloc(indexes.length * DELTA_BYTES);
  for (const [place, index] of indexes.entries()) {
    bytes.writeUInt32LE(index, place * DELTA_BYTES);
    writeRecord(bytes, place * DELTA_BYTES + 4, blocks[index] ?? null, owners);
  }
  return bytes;
}

/** The reverse of {@link encodeBlocks} for every block. */
export function decodeBlocks(bytes: Buffer, owners: readonly ModelId[]): (Block | null)[] {
  const blocks: (Block | null)[] = [];
  for (let at = 0; at < bytes.length; at += RECORD_BYTES) blocks.push(readRecord(bytes, at, owners));
  return blocks;
}

/** The blocks of a version that only tells what differs from `base`. */
export function applyDelta(
  base: BlockList["blocks"],
  bytes: Buffer,
  owners: readonly ModelId[],
  count: number,
): (Block | null)[] {
  const blocks = base.slice(0, count);
  while (blocks.length < count) blocks.push(null);
  for (const [index, block] of decodeDelta(bytes, owners)) blocks[index] = block;
  return blocks;
}

/** What a difference says of the places it is about; null: a hole from now on. */
export function* decodeDelta(bytes: Buffer, owners: readonly ModelId[]): Generator<[number, Block | null]> {
  for (let at = 0; at < bytes.length; at += DELTA_BYTES) {
    yield [bytes.readUInt32LE(at), readRecord(bytes, at + 4, owners)];
  }
}

/** Indexes at which the two differ in what they hold or where it is stored; both grow and shrink with their file. */
export function deltaIndexes(blocks: BlockList["blocks"], base: BlockList["blocks"]): number[] {
  const found: number[] = [];
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index] ?? null;
    const known = base[index] ?? null;
    if (block !== known && !isSame(block, known)) found.push(index);
  }
  return found;
}

function isSame(a: Block | null, b: Block | null): boolean {
  if (a === null || b === null) return a === b;
  const samePack =
    a.pack.version === b.pack.version && a.pack.epoch === b.pack.epoch && a.pack.model === b.pack.model;
  return a.hash === b.hash && a.slot === b.slot && samePack;
}

/** Size of the encoded list, to weigh a whole one against a difference. */
export function encodedBytes(blocks: number, asDelta: boolean): number {
  return blocks * (asDelta ? DELTA_BYTES : RECORD_BYTES);
}

function writeRecord(bytes: Buffer, at: number, block: Block | null, owners: ModelId[]): void {
  // All zero is a hole: versions count from 1.
  if (block === null) return;
  bytes.write(block.hash, at, "hex");
  bytes.writeBigUInt64LE(block.checksum, at + 32);
  bytes.writeUInt16LE(ownerIndex(owners, block.pack.model), at + 40);
  bytes.writeUInt32LE(block.pack.version, at + 42);
  bytes.writeUInt32LE(block.pack.epoch, at + 46);
  bytes.writeUInt32LE(block.slot, at + 50);
}

function ownerIndex(owners: ModelId[], model: ModelId): number {
  const known = owners.indexOf(model);
  return known >= 0 ? known : owners.push(model) - 1;
}

function readRecord(bytes: Buffer, at: number, owners: readonly ModelId[]): Block | null {
  const version = bytes.readUInt32LE(at + 42);
  if (version === 0) return null;
  const model = owners[bytes.readUInt16LE(at + 40)];
  if (model === undefined) throw new Error("a block of the list belongs to no model");
  return {
    hash: bytes.toString("hex", at, at + 32),
    checksum: bytes.readBigUInt64LE(at + 32),
    pack: { model, version, epoch: bytes.readUInt32LE(at + 46) },
    slot: bytes.readUInt32LE(at + 50),
  };
}
