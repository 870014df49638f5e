import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { TeatreeError } from "../contracts/errors.ts";
import type { PutOptions } from "./object-store.ts";

export interface Measure {
  /** Passes bytes on and counts and hashes them on the way. */
  through: Transform;
  /** After the end: the true length and hash. Throws `upload_incomplete` when they are not the declared ones. */
  finish(): { bytes: number; sha256: string };
}

export function measure(declared: PutOptions): Measure {
  const hash = createHash("sha256");
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      // More than declared is already wrong; do not fill the disk to find out how much more.
      if (declared.bytes !== undefined && bytes > declared.bytes) done(lengthError(declared.bytes, bytes));
      else done(null, chunk);
    },
  });
  return {
    through,
    finish() {
      const sha256 = hash.digest("hex");
      if (declared.bytes !== undefined && declared.bytes !== bytes) throw lengthError(declared.bytes, bytes);
      if (declared.sha256 !== undefined && declared.sha256 !== sha256) {
        throw new TeatreeError("upload_incomplete", "The bytes that arrived have another SHA-256.", {
          details: { expected: declared.sha256, received: sha256 },
        });
      }
      return { bytes, sha256 };
    },
  };
}

/** The source as a stream; bytes in memory are given in pieces so that a pipeline can stop in between. */
export function readableOf(source: Readable | Uint8Array): Readable {
  return source instanceof Readable ? source : Readable.from(pieces(source), { objectMode: false });
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  const size = 256 * 1024;
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function lengthError(expected: number, received: number): TeatreeError {
  return new TeatreeError("upload_incomplete", "Another number of bytes arrived than was declared.", {
    details: { expected, received },
  });
}
