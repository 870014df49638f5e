import { open } from "node:fs/promises";
import { HEADER_BYTES } from "../contracts/versions.ts";
import { type BlockList, blockOffset } from "./block-list.ts";
import type { BlockStore, Fallback, StoredVersion } from "./block-store.ts";
import { readFully } from "./file-bytes.ts";

const ZEROS = Buffer.alloc(256 * 1024);

/**
 * The bytes of a version's file from `start` to `end`, both included: its header, its blocks, zero bytes for holes. Each block is
 * checked before it is given. Ends early when its reader does. Throws `block_damaged`.
 */
export async function* snapshotBytes(
  store: BlockStore,
  version: StoredVersion,
  { start, end }: { start: number; end: number },
  fallback?: Fallback,
): AsyncGenerator<Buffer> {
  const { list } = version;
  const stop = Math.min(end + 1, list.bytes);
  let at = start;
  if (at < Math.min(HEADER_BYTES, stop)) {
    const header = await store.header(version, fallback);
    yield header.subarray(at, stop);
    at = Math.min(header.length, stop);
  }
  if (at >= stop) return;
  for await (const { index, bytes } of store.read(list, indexesBetween(list, at, stop), fallback)) {
    const offset = blockOffset(list, index);
    yield* zeros(offset - at);
    at = Math.max(at, offset);
    yield bytes.subarray(at - offset, stop - offset);
    at = Math.min(offset + bytes.length, stop);
  }
  yield* zeros(stop - at);
}

/** Looks for damaged blocks in a whole file of the version, which need not be there. */
export function fallbackFile(path: string): Fallback {
  return async (offset, length) => {
    const file = await open(path, "r").catch(() => null);
    if (file === null) return null;
    try {
      return await readFully(file, Buffer.allocUnsafe(length), offset);
    } finally {
      await file.close();
    }
  };
}

function* indexesBetween({ blockSize, blocks }: BlockList, start: number, stop: number): Generator<number> {
  const first = Math.floor((start - HEADER_BYTES) / blockSize);
  const end = Math.min(blocks.length, Math.ceil((stop - HEADER_BYTES) / blockSize));
  for (let index = first; index < end; index += 1) yield index;
}

function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}
