import { hash } from "node:crypto";
import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { type BlockList, blockCount, blockOffset } from "@teatree/shared/block-store/block-list";
import { readFully } from "@teatree/shared/block-store/file-bytes";
import type { VersionRecord } from "@teatree/shared/block-store/pack-format";
import { HEADER_BYTES } from "@teatree/shared/contracts/versions";
import { type FileState, readFileState } from "./duckdb-file.ts";

/** How the changed blocks were found, cheapest first. */
export type SearchMethod = "free list" | "checksums" | "every block";

export type LiveBlocks = {
  bytes: number;
  header: Buffer;
  state: FileState | null;
  method: SearchMethod;
  /** Blocks that may differ from the base, holes left out; in file order. */
  candidates: number[];
  /** Blocks that belong to no version. */
  holes: Set<number>;
};

export type Base = { list: BlockList; record: Pick<VersionRecord, "iteration" | "metadataBlocks"> };

/** Blocks outside of the candidates whose checksums are looked at in every publication. */
const SPOT_CHECKS = 16;

/**
 * Which blocks of a checkpointed live file may differ from `base`. DuckDB never overwrites a block in use: exactly one checkpoint after
 * the base, whatever changed lies in what was free then, in metadata blocks, or behind the end. With more checkpoints between,
 * the checksum at the head of every block tells; in a file of an unknown format only its bytes do.
 */
export async function findLiveBlocks(
  file: FileHandle,
  blockSize: number,
  base: Base | null,
): Promise<LiveBlocks> {
  const { size } = await file.stat();
  const header = await readFully(file, Buffer.alloc(Math.min(HEADER_BYTES, size)), 0);
  const state = await readFileState(file, header).catch(() => null);
  const bytes = state === null ? size : Math.min(size, HEADER_BYTES + state.blockCount * blockSize);
  const count = blockCount(bytes, blockSize);
  const holes = new Set(state?.freeBlocks.filter((index) => index < count));
  const found = { bytes, header, state, holes };
  const all = (method: SearchMethod) => ({
    ...found,
    method,
    candidates: range(count).filter((index) => !holes.has(index)),
  });
  if (base === null || state === null || base.list.blockSize !== blockSize) return all("every block");
  if (state.iteration === base.record.iteration + 1) {
    const candidates = likelyChanged(base, state, count, holes);
    if (spotChecksHold(file, base.list, new Set(candidates), holes, count)) {
      return { ...found, method: "free list", candidates: changedAmong(file, base.list, candidates) };
    }
  }
  const { candidates } = all("checksums");
  return { ...found, method: "checksums", candidates: changedAmong(file, base.list, candidates) };
}

/** Where one checkpoint can have written. */
function likelyChanged(
  { list, record }: Base,
  state: FileState,
  count: number,
  holes: Set<number>,
): number[] {
  const indexes = new Set<number>([...record.metadataBlocks, ...state.metadataBlocks]);
  for (let index = 0; index < list.blocks.length; index += 1) {
    if (list.blocks[index] === null) indexes.add(index);
  }
  for (let index = list.blocks.length; index < count; index += 1) indexes.add(index);
  return [...indexes].filter((index) => index < count && !holes.has(index)).sort((a, b) => a - b);
}

function changedAmong(file: FileHandle, list: BlockList, indexes: number[]): number[] {
  const changed: number[] = [];
  for (const index of indexes) {
    const known = list.blocks[index] ?? null;
    if (known === null || checksumAt(file, list.blockSize, index) !== known.checksum) changed.push(index);
  }
  return changed;
}

/** The rule of where changes lie is DuckDB's own affair: some blocks that it says are unchanged are looked at. */
function spotChecksHold(
  file: FileHandle,
  list: BlockList,
  candidates: Set<number>,
  holes: Set<number>,
  count: number,
): boolean {
  const most = Math.min(list.blocks.length, count);
  for (let check = 0; check < SPOT_CHECKS && most > 0; check += 1) {
    const index = Math.floor(Math.random() * most);
    const known = list.blocks[index] ?? null;
    if (known === null || candidates.has(index) || holes.has(index)) continue;
    if (checksumAt(file, list.blockSize, index) !== known.checksum) return false;
  }
  return true;
}

/** Read at once: a trip to the thread pool would cost ten times as much as the eight bytes. */
function checksumAt(file: FileHandle, blockSize: number, index: number): bigint {
  const head = Buffer.allocUnsafe(8);
  const bytes = readSync(file.fd, head, 0, head.length, blockOffset({ blockSize }, index));
  return bytes === head.length ? head.readBigUInt64LE(0) : 0n;
}

/** Indexes that the search left out although their bytes are not the base's; empty when the search was right. */
export async function missedBlocks(file: FileHandle, live: LiveBlocks, list: BlockList): Promise<number[]> {
  const found = new Set(live.candidates);
  const missed: number[] = [];
  const block = Buffer.allocUnsafe(list.blockSize);
  for (let index = 0; index < blockCount(live.bytes, list.blockSize); index += 1) {
    if (found.has(index) || live.holes.has(index)) continue;
    const length = Math.min(list.blockSize, live.bytes - blockOffset(list, index));
    const bytes = await readFully(file, block.subarray(0, length), blockOffset(list, index));
    if (hash("sha256", bytes, "hex") !== list.blocks[index]?.hash) missed.push(index);
  }
  return missed;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
