import { open, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { zstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { writeFully } from "./file-bytes.ts";
import { encodeIndex, PACK_MAGIC, type PackIndex, type Slot } from "./pack-format.ts";

const compressAside = promisify(zstdCompress);

/** Blocks are kept compressed only where that saves this share: reading back costs 0.1 ms each. */
const WORTH_WHILE = 7 / 8;
/** Up to so many blocks, trips to the thread pool cost more than they save, also by keeping others from it. */
const FEW = 8;
const FLUSH_BYTES = 4 * 1024 * 1024;

/** Writes one pack, block by block. Nothing is durable before `finish`. */
export interface PackWriter {
  /**
   * Appends blocks and gives the slot of the first; the others follow it. They are compressed and written while the caller goes on,
   * so the buffers must stay as they are; a failure shows at a later call.
   */
  add(blocks: readonly Buffer[]): Promise<number>;
  /** Appends record and list, syncs and closes; gives the length of the file. */
  finish(index: Omit<PackIndex, "slots">): Promise<number>;
  /** Closes and removes the file. */
  abandon(): Promise<void>;
}

/** `compress: false` leaves blocks as they are: a sample said that trying does not pay. */
export async function createPack(path: string, options: { compress: boolean }): Promise<PackWriter> {
  const file = await open(path, "w");
  const slots: Slot[] = [];
  let waiting: Buffer[] = [PACK_MAGIC];
  let waitingBytes = PACK_MAGIC.length;
  let written = 0;
  let added = 0;
  /** Bytes of blocks that were added and are not yet on their way to the file. */
  let unplacedBytes = 0;
  let placing: Promise<void> = Promise.resolve();

  function push(bytes: Buffer): void {
    waiting.push(bytes);
    waitingBytes += bytes.length;
  }

  async function place(blocks: readonly Buffer[], before: Promise<void>): Promise<void> {
    const stored = options.compress ? await compressed(blocks) : blocks;
    await before;
    for (const [index, bytes] of stored.entries()) {
      const raw = blocks[index]?.length ?? 0;
      slots.push({ offset: written + waitingBytes, stored: bytes.length, raw });
      unplacedBytes -= raw;
      push(bytes);
    }
    if (waitingBytes >= FLUSH_BYTES) await flush();
  }

  async function flush(): Promise<void> {
    const buffers = waiting;
    waiting = [];
    waitingBytes = 0;
    written += await writeFully(file, buffers, written);
  }

  return {
    async add(blocks) {
      const first = added;
      added += blocks.length;
      for (const { length } of blocks) unplacedBytes += length;
      placing = place(blocks, placing);
      placing.catch(() => undefined);
      if (unplacedBytes >= FLUSH_BYTES) await placing;
      return first;
    },
    async finish(index) {
      await placing;
      push(encodeIndex({ ...index, slots }, written + waitingBytes));
      await flush();
      await file.sync();
      await file.close();
      return written;
    },
    async abandon() {
      await placing.catch(() => undefined);
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

/** Each as it is kept. */
async function compressed(blocks: readonly Buffer[]): Promise<Buffer[]> {
  const made =
    blocks.length <= FEW
      ? blocks.map((bytes) => zstdCompressSync(bytes))
      : await Promise.all(blocks.map((bytes) => compressAside(bytes)));
  return blocks.map((bytes, index) => {
    const small = made[index];
    return small !== undefined && small.length < bytes.length * WORTH_WHILE ? small : bytes;
  });
}

/** Whether trying to compress blocks like these pays: their sample shrinks by a quarter at least. */
export function isCompressible(sample: readonly Buffer[]): boolean {
  let raw = 0;
  let small = 0;
  for (const bytes of sample) {
    raw += bytes.length;
    small += zstdCompressSync(bytes).length;
  }
  return small < raw * 0.75;
}

/** The block that a slot holds, from its stored bytes. Throws when they cannot be unpacked. */
export function unpack(stored: Buffer, slot: Slot): Buffer {
  if (slot.stored === slot.raw) return stored;
  return zstdDecompressSync(stored, { maxOutputLength: slot.raw });
}
