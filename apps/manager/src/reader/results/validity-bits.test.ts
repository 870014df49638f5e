import { expect, test } from "vitest";
import { isValid, validityBits } from "./validity-bits.ts";

/** Pieces as DuckDB hands them over: a bitmap whose bits beyond the piece are noise. */
function piece(rows: boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(rows.length / 64) * 8).fill(0b10101010);
  for (const [row, valid] of rows.entries()) {
    const byte = bytes[row >> 3] ?? 0;
    bytes[row >> 3] = valid ? byte | (1 << (row & 7)) : byte & ~(1 << (row & 7));
  }
  return bytes;
}

function pattern(length: number, seed: number): boolean[] {
  return Array.from({ length }, (_, row) => (row * 7919 + seed) % 3 !== 0);
}

test("pieces of any length end up as one bitmap with the nulls where they were", () => {
  const bits = validityBits();
  const expected: boolean[] = [];
  for (const [seed, length] of [2048, 3, 64, 1, 0, 2048, 77].entries()) {
    const rows = pattern(length, seed);
    expected.push(...rows);
    bits.append(piece(rows), 0, length);
  }
  const { nullCount, nullBitmap } = bits.take();
  expect(nullCount).toBe(expected.filter((valid) => !valid).length);
  expect(expected.map((_, row) => isValid(nullBitmap ?? null, row))).toEqual(expected);
});

test("a stretch out of the middle of a piece is taken, whatever bit it begins at", () => {
  const rows = pattern(200, 5);
  for (const start of [0, 1, 8, 63, 130]) {
    const bits = validityBits();
    bits.append(null, 0, 5);
    bits.append(piece(rows), start, 60);
    const { nullBitmap } = bits.take();
    const expected = [...Array<boolean>(5).fill(true), ...rows.slice(start, start + 60)];
    expect(expected.map((_, row) => isValid(nullBitmap ?? null, row))).toEqual(expected);
  }
});

test("without a null there is no bitmap", () => {
  const bits = validityBits();
  bits.append(null, 0, 100);
  bits.append(piece(Array<boolean>(50).fill(true)), 0, 50);
  expect(bits.take()).toEqual({ nullCount: 0, nullBitmap: undefined });
});

test("taking empties it", () => {
  const bits = validityBits();
  bits.append(piece([false]), 0, 1);
  bits.take();
  bits.append(null, 0, 3);
  expect(bits.take().nullCount).toBe(0);
});
