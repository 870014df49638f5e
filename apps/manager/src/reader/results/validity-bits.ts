/** Arrow's validity bitmap, filled from DuckDB's: both count from the lowest bit, 1 is "has a value". */
export type ValidityBits = {
  /** `source` is null when every row has a value. */
  append(source: Uint8Array | null, start: number, count: number): void;
  take(): { nullCount: number; nullBitmap: Uint8Array | undefined };
};

const ZEROS_IN_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => 8 - onesIn(byte));

export function validityBits(): ValidityBits {
  // Absent while there is no null. Every bit beyond `length` is 1, so that only nulls have to be written.
  let bitmap: Uint8Array | undefined;
  let length = 0;
  let nulls = 0;

  function room(rows: number): Uint8Array {
    const bytes = Math.ceil(rows / 8);
    if (bitmap !== undefined && bytes <= bitmap.length) return bitmap;
    const grown = new Uint8Array(Math.max(bytes, (bitmap?.length ?? 0) * 2, 64)).fill(0xff);
    if (bitmap !== undefined) grown.set(bitmap);
    bitmap = grown;
    return grown;
  }

  function appendBytes(source: Uint8Array, start: number, count: number): void {
    const target = room(length + count);
    const from = start >> 3;
    const to = length >> 3;
    const bytes = Math.ceil(count / 8);
    for (let index = 0; index < bytes; index += 1) {
      const unused = index === bytes - 1 && count % 8 !== 0 ? (0xff << (count % 8)) & 0xff : 0;
      const byte = (source[from + index] ?? 0) | unused;
      target[to + index] = byte;
      nulls += ZEROS_IN_BYTE[byte] ?? 0;
    }
  }

  function appendBits(source: Uint8Array, start: number, count: number): void {
    const target = room(length + count);
    for (let row = 0; row < count; row += 1) {
      if (isValid(source, start + row)) continue;
      const bit = length + row;
      target[bit >> 3] = (target[bit >> 3] ?? 0) & ~(1 << (bit & 7));
      nulls += 1;
    }
  }

  return {
    append(source, start, count) {
      if (source === null) {
        if (bitmap !== undefined) room(length + count);
      } else if (length % 8 === 0 && start % 8 === 0) appendBytes(source, start, count);
      else appendBits(source, start, count);
      length += count;
    },
    take() {
      const taken = {
        nullCount: nulls,
        nullBitmap: nulls === 0 ? undefined : bitmap?.subarray(0, Math.ceil(length / 8)),
      };
      bitmap = undefined;
      length = 0;
      nulls = 0;
      return taken;
    },
  };
}

export function isValid(validity: Uint8Array | null, row: number): boolean {
  return validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function onesIn(byte: number): number {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
}
