import { type FileHandle, open, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { zstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { encodeIndex, PACK_MAGIC, type PackIndex, type Slot } from "./pack-format.ts";

const compressAside = promisify(zstdCompress);

/** Blocks are kept compressed only where that saves this share: reading back costs 0.1 ms each. */
const WORTH_WHILE = 7 / 8;
/** Below this many at once a trip to the thread pool costs more than it saves. */
const FEW = 8;
const FLUSH_BYTES = 4 * 1024 * 1024;

/** Writes one pack, block by block. Nothing is durable before `finish`. */
export interface PackWriter {
  /** Appends blocks and gives the slot of the first; the others follow it. The buffers are free afterwards. */
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

  function push(bytes: Buffer): void {
    waiting.push(bytes);
    waitingBytes += bytes.length;
  }

  async function flush(): Promise<void> {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    await writeFully(file, bytes, written);
    written += bytes.length;
  }

  return {
    async add(blocks) {
      const first = slots.length;
      const stored = options.compress ? await compressed(blocks) : blocks;
      for (const [index, bytes] of stored.entries()) {
        slots.push({ offset: written + waitingBytes, stored: bytes.length, raw: blocks[index]?.length ?? 0 });
        push(bytes === blocks[index] ? Buffer.from(bytes) : bytes);
      }
      if (waitingBytes >= FLUSH_BYTES) await flush();
      return first;
    },
    async finish(index) {
      push(encodeIndex({ ...index, slots }, written + waitingBytes));
      await flush();
      await file.sync();
      await file.close();
      return written;
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

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

async function writeFully(file: FileHandle, buffer: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesWritten } = await file.write(buffer, done, buffer.length - done, position + done);
    done += bytesWritten;
  }
}
