import type { Readable } from "node:stream";

/**
 * Cuts a stream into parts of exactly `partBytes` (the last one may be shorter). Holds one part in memory.
 * An empty stream gives one empty part.
 */
export async function* partsOf(source: Readable, partBytes: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let any = false;
  for await (const piece of source) {
    let chunk: Uint8Array = piece;
    while (heldBytes + chunk.length >= partBytes) {
      const taken = chunk.subarray(0, partBytes - heldBytes);
      yield Buffer.concat([...held, taken]);
      any = true;
      chunk = chunk.subarray(taken.length);
      held = [];
      heldBytes = 0;
    }
    if (chunk.length > 0) held.push(chunk);
    heldBytes += chunk.length;
  }
  if (heldBytes > 0 || !any) yield Buffer.concat(held);
}

/**
 * S3 takes at most 10,000 parts of at least 5 MiB: the usual part size, or a larger one when a declared length
 * needs it.
 */
export function partSize(declaredBytes: number | undefined, usualBytes: number): number {
  if (declaredBytes === undefined) return usualBytes;
  return Math.max(usualBytes, Math.ceil(declaredBytes / 9_999));
}
