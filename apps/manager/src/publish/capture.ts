import { hash } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, type FileHandle, open } from "node:fs/promises";
import { HEADER_BYTES } from "@teatree/shared/contracts/versions";
import type { FileHashes } from "./manifest.ts";

const BLOCKS_PER_READ = 64;

/**
 * Makes `target` a copy of `source`, hashing it block by block: a reflink where the file system can, else a copy that
 * leaves zero blocks as holes. The source must not be checkpointed meanwhile. Durable only after the caller's fsync.
 */
export async function capture(source: string, target: string, blockSize: number): Promise<FileHashes> {
  if (await reflink(source, target)) return hashFile(target, blockSize);
  return withFile(source, "r", (from) =>
    withFile(target, "w", async (to) => {
      const { size } = await from.stat();
      await to.truncate(size);
      return hashBlocks(from, size, blockSize, to);
    }),
  );
}

/** Hashes of a file as it lies there. */
export async function hashFile(path: string, blockSize: number): Promise<FileHashes> {
  return withFile(path, "r", async (file) => hashBlocks(file, (await file.stat()).size, blockSize));
}

/** True when `target` now shares the source's extents; false when this file system has no such thing. */
async function reflink(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && isUnsupported(error.code)) return false;
    throw error;
  }
}

function isUnsupported(code: unknown): boolean {
  return ["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EINVAL", "ENOTTY"].includes(String(code));
}

async function hashBlocks(
  from: FileHandle,
  bytes: number,
  blockSize: number,
  to?: FileHandle,
): Promise<FileHashes> {
  const header = Buffer.alloc(Math.min(HEADER_BYTES, bytes));
  await readFully(from, header, 0);
  await to?.write(header, 0, header.length, 0);
  const zero = Buffer.alloc(blockSize);
  const blocks: (string | null)[] = [];
  const chunkBytes = BLOCKS_PER_READ * blockSize;
  // Three buffers: one is read and one written while the third is hashed.
  const buffers = [0, 1, 2].map(() => Buffer.allocUnsafe(chunkBytes));
  const read = (position: number, turn: number) => {
    const length = Math.min(chunkBytes, bytes - position);
    const chunk = buffers[turn % 3]?.subarray(0, Math.max(0, length)) ?? Buffer.alloc(0);
    const reading = chunk.length === 0 ? Promise.resolve(chunk) : readFully(from, chunk, position);
    // Heard when its turn comes; a failure before that must not end the process.
    reading.catch(() => undefined);
    return reading;
  };
  let turn = 0;
  let pending = read(HEADER_BYTES, turn);
  let writing: Promise<void> = Promise.resolve();
  for (let position = HEADER_BYTES; position < bytes; position += chunkBytes) {
    const chunk = await pending;
    turn += 1;
    pending = read(position + chunkBytes, turn);
    const before = blocks.length;
    for (let offset = 0; offset < chunk.length; offset += blockSize) {
      const block = chunk.subarray(offset, offset + blockSize);
      blocks.push(isZero(block, zero) ? null : hash("sha256", block, "hex"));
    }
    await writing;
    if (to) writing = writeRuns(to, chunk, position, blocks.slice(before), blockSize);
    writing.catch(() => undefined);
  }
  await writing;
  return { bytes, blockSize, header: hash("sha256", header, "hex"), blocks };
}

function isZero(block: Buffer, zero: Buffer): boolean {
  return block.equals(block.length === zero.length ? zero : zero.subarray(0, block.length));
}

/** Writes neighbouring blocks that are no holes with one call each. */
async function writeRuns(
  to: FileHandle,
  chunk: Buffer,
  position: number,
  hashes: (string | null)[],
  blockSize: number,
): Promise<void> {
  let start = 0;
  for (let index = 0; index <= hashes.length; index += 1) {
    if (index < hashes.length && hashes[index] !== null) continue;
    const run = chunk.subarray(start * blockSize, index * blockSize);
    if (run.length > 0) await writeFully(to, run, position + start * blockSize);
    start = index + 1;
  }
}

async function readFully(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) throw new Error("the file became shorter while it was read");
    done += bytesRead;
  }
  return buffer;
}

async function writeFully(file: FileHandle, buffer: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesWritten } = await file.write(buffer, done, buffer.length - done, position + done);
    done += bytesWritten;
  }
}

/** Makes a file's bytes, or a folder's names, survive a power cut. */
export async function fsync(path: string): Promise<void> {
  await withFile(path, "r", (file) => file.sync());
}

async function withFile<T>(
  path: string,
  flags: "r" | "w",
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
