import type { FileHandle } from "node:fs/promises";
import { TeatreeError } from "../contracts/errors.ts";

/** Fills the buffer from a file. Throws when the file ends before. */
export async function readFully(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) throw new TeatreeError("internal", "A file is shorter than it should be.");
    done += bytesRead;
  }
  return buffer;
}

/** Writes the buffers one behind the other; gives how many bytes that were. */
export async function writeFully(
  file: FileHandle,
  buffers: readonly Buffer[],
  position: number,
): Promise<number> {
  const { bytesWritten } = await file.writev(buffers, position);
  const total = buffers.reduce((sum, { length }) => sum + length, 0);
  // The system may take less than it was given, at the end of the disk's room for one.
  const rest = bytesWritten < total ? Buffer.concat(buffers).subarray(bytesWritten) : null;
  for (let done = 0; rest && done < rest.length; ) {
    done += (await file.write(rest, done, rest.length - done, position + bytesWritten + done)).bytesWritten;
  }
  return total;
}
