import { growingBytes } from "./growing-bytes.ts";

/** Arrow's 32-bit offsets of a column with values of different length, beginning with 0. */
export type ArrowOffsets = {
  /** The place for the next `count` offsets, to be filled by the caller at once. */
  next(count: number): Int32Array;
  take(): { length: number; valueOffsets: Int32Array };
};

export function arrowOffsets(): ArrowOffsets {
  const bytes = growingBytes();
  next(1);

  function next(count: number): Int32Array {
    const place = new Int32Array(bytes.reserve(count * 4).buffer, bytes.length, count);
    bytes.advance(count * 4);
    return place;
  }

  return {
    next,
    take() {
      const taken = bytes.take();
      next(1)[0] = 0;
      const count = taken.byteLength / 4;
      return { length: count - 1, valueOffsets: new Int32Array(taken.buffer, taken.byteOffset, count) };
    },
  };
}
