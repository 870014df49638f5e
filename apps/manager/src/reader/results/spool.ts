import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Smaller pieces are gathered, so that a result of three rows is one write. */
const GATHER_BELOW = 16_384;
const GATHER_BYTES = 65_536;

/** How much memory all waiting results of this process may hold together; what is beyond goes to files. */
export type SpoolMemory = { reserve(bytes: number): boolean; release(bytes: number): void };

/** A whole result, kept until it is complete: an error in its last row must still be an error and not half a file. */
export type Spool = {
  readonly bytes: number;
  add(pieces: Uint8Array[]): Promise<void>;
  /** Takes a finished file over as the result; it is removed with the spool. */
  adopt(path: string, bytes: number): void;
  /** Writes all of it and ends the target. */
  send(target: Writable): Promise<void>;
  dispose(): Promise<void>;
};

export function spoolMemory(limitBytes: number): SpoolMemory {
  let held = 0;
  return {
    reserve(bytes) {
      if (held + bytes > limitBytes) return false;
      held += bytes;
      return true;
    },
    release(bytes) {
      held -= bytes;
    },
  };
}

export function createSpool(folder: string, name: string, memory: SpoolMemory): Spool {
  const parts: Uint8Array[] = [];
  let path = join(folder, `${name}.part`);
  let reserved = 0;
  let bytes = 0;
  let file: FileHandle | undefined;
  let adopted = false;
  let small = gatherer();

  async function keep(piece: Uint8Array): Promise<void> {
    bytes += piece.byteLength;
    if (file === undefined && memory.reserve(piece.byteLength)) {
      reserved += piece.byteLength;
      parts.push(piece);
      return;
    }
    file ??= await open(path, "wx");
    await file.writeFile(piece);
  }

  async function flush(): Promise<void> {
    const gathered = small.take();
    if (gathered.byteLength > 0) await keep(gathered);
  }

  return {
    get bytes() {
      return bytes + small.length();
    },
    async add(pieces) {
      for (const piece of pieces) {
        if (piece.byteLength < GATHER_BELOW) {
          if (!small.fits(piece)) await flush();
          small.add(piece);
        } else {
          await flush();
          await keep(piece);
        }
      }
    },
    adopt(finished, size) {
      path = finished;
      adopted = true;
      bytes = size;
    },
    async send(target) {
      await flush();
      await file?.close();
      const onDisk = adopted || file !== undefined ? path : undefined;
      await pipeline(readBack(parts, onDisk), target);
    },
    async dispose() {
      memory.release(reserved);
      reserved = 0;
      parts.length = 0;
      small = gatherer();
      if (file === undefined && !adopted) return;
      await file?.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

async function* readBack(parts: Uint8Array[], path: string | undefined): AsyncGenerator<Uint8Array> {
  yield* parts;
  if (path !== undefined) yield* createReadStream(path, { highWaterMark: 1_048_576 });
}

function gatherer() {
  let block = new Uint8Array(0);
  let length = 0;
  return {
    length: () => length,
    fits: (piece: Uint8Array) => length + piece.byteLength <= GATHER_BYTES,
    add(piece: Uint8Array) {
      if (block.length === 0) block = new Uint8Array(GATHER_BYTES);
      block.set(piece, length);
      length += piece.byteLength;
    },
    take(): Uint8Array {
      const taken = block.subarray(0, length);
      block = new Uint8Array(0);
      length = 0;
      return taken;
    },
  };
}
