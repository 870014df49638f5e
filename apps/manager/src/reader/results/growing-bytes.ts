/** Bytes that grow by doubling. `take` gives them away, so that the next ones never overwrite what was sent. */
export type GrowingBytes = {
  readonly length: number;
  /** Room for `count` more; gives the array to write into, from `length` on. */
  reserve(count: number): Uint8Array<ArrayBuffer>;
  /** Counts `count` written bytes in. */
  advance(count: number): void;
  take(): Uint8Array<ArrayBuffer>;
};

const FIRST_BYTES = 256;

export function growingBytes(): GrowingBytes {
  let bytes = new Uint8Array(0);
  let length = 0;
  let expected = FIRST_BYTES;
  return {
    get length() {
      return length;
    },
    reserve(count) {
      const needed = length + count;
      if (needed <= bytes.length) return bytes;
      const grown = new Uint8Array(alignedCapacity(Math.max(needed, bytes.length * 2, expected)));
      grown.set(bytes.subarray(0, length));
      bytes = grown;
      return bytes;
    },
    advance(count) {
      length += count;
    },
    take() {
      const taken = bytes.subarray(0, length);
      // The next batch is probably as large as this one: one allocation instead of a chain of doublings.
      expected = Math.max(FIRST_BYTES, length);
      bytes = new Uint8Array(0);
      length = 0;
      return taken;
    },
  };
}

// Whole words, so that a typed view of any width fits over the buffer.
function alignedCapacity(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
