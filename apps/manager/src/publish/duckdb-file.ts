import type { FileHandle } from "node:fs/promises";
import { readFully } from "@teatree/shared/block-store/file-bytes";
import { HEADER_BYTES } from "@teatree/shared/contracts/versions";

/**
 * The parts of DuckDB's file format that tell which blocks are in use (duckdb, `src/storage/single_file_block_manager.cpp`,
 * `metadata/metadata_manager.cpp`). They are internal to DuckDB: {@link readFileState} gives null for a storage version it was not
 * tried on, and the caller then reads every block.
 */
export type FileState = {
  /** Rises by one with each checkpoint. */
  iteration: number;
  /** Blocks that the file has; what lies behind them was never part of it. */
  blockCount: number;
  /** Blocks that DuckDB may overwrite at its next checkpoint. */
  freeBlocks: number[];
  /** Blocks that hold metadata, parts of which may change in place of any other. */
  metadataBlocks: number[];
};

/** The number in the file's head that STORAGE_VERSION v1.4.0 writes. */
const KNOWN_STORAGE = 67n;
const KNOWN_BLOCK_SIZE = 65_536n;
const DATABASE_HEADERS = [4_096, 8_192];
const CHECKSUM_BYTES = 8;
const POINTERS_PER_BLOCK = 64;
const NO_BLOCK = 0xffff_ffff_ffff_ffffn;
/** A free list longer than this is a broken one. */
const MOST_ENTRIES = 16_000_000;

type DatabaseHeader = { iteration: bigint; freeList: bigint; blockCount: bigint; blockSize: bigint };

/** Reads a checkpointed file's own account of its blocks; null when the format is not one this code knows. */
export async function readFileState(file: FileHandle, header: Buffer): Promise<FileState | null> {
  if (header.length < HEADER_BYTES || header.toString("latin1", 8, 12) !== "DUCK") return null;
  if (header.readBigUInt64LE(12) !== KNOWN_STORAGE) return null;
  const [first, second] = DATABASE_HEADERS.map((at) => databaseHeader(header, at));
  if (first === undefined || second === undefined) return null;
  const active = first.iteration > second.iteration ? first : second;
  if (active.blockSize !== KNOWN_BLOCK_SIZE) return null;
  const known = { iteration: Number(active.iteration), blockCount: Number(active.blockCount) };
  if (active.freeList === NO_BLOCK) return { ...known, freeBlocks: [], metadataBlocks: [] };
  const list = metadataReader(file, Number(active.blockSize), active.freeList);
  const freeBlocks = await list.entries(() => list.blockId());
  await list.entries(async () => {
    await list.blockId();
    await list.bytes(4);
  });
  const metadataBlocks = await list.entries(async () => {
    const id = await list.blockId();
    await list.bytes(8);
    return id;
  });
  return { ...known, freeBlocks, metadataBlocks };
}

function databaseHeader(header: Buffer, at: number): DatabaseHeader {
  const field = (index: number) => header.readBigUInt64LE(at + CHECKSUM_BYTES + index * 8);
  return { iteration: field(0), freeList: field(2), blockCount: field(3), blockSize: field(4) };
}

/** Reads a chain of metadata pieces: 64 to a block, each beginning with the pointer to the next. */
function metadataReader(file: FileHandle, blockSize: number, start: bigint) {
  const pieceBytes = Math.floor((blockSize - CHECKSUM_BYTES) / POINTERS_PER_BLOCK / 8) * 8;
  let next = start;
  let piece: Buffer = Buffer.alloc(0);
  let at = 0;
  let pieces = 0;

  async function turn(): Promise<void> {
    if (next === NO_BLOCK || pieces > MOST_ENTRIES)
      throw new Error("the free list ends before its last entry");
    const block = Number(next & 0x00ff_ffff_ffff_ffffn);
    const index = Number(next >> 56n);
    const offset = HEADER_BYTES + block * blockSize + CHECKSUM_BYTES + index * pieceBytes;
    piece = await readFully(file, Buffer.allocUnsafe(pieceBytes), offset);
    next = piece.readBigUInt64LE(0);
    at = 8;
    pieces += 1;
  }

  /** A value may lie across two pieces. */
  async function bytes(length: number): Promise<Buffer> {
    if (at + length <= piece.length) {
      at += length;
      return piece.subarray(at - length, at);
    }
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      if (at >= piece.length) await turn();
      const part = piece.subarray(at, at + missing);
      parts.push(part);
      at += part.length;
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  return {
    bytes,
    blockId: async () => Number((await bytes(8)).readBigInt64LE(0)),
    async entries<Entry>(read: () => Promise<Entry>): Promise<Entry[]> {
      const count = Number((await bytes(8)).readBigUInt64LE(0));
      if (count > MOST_ENTRIES) throw new Error("the free list is longer than any can be");
      const found: Entry[] = [];
      for (let entry = 0; entry < count; entry += 1) found.push(await read());
      return found;
    },
  };
}
