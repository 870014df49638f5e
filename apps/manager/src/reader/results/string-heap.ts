import duckdb from "@duckdb/node-bindings";
import { isValid } from "./validity-bits.ts";
import { INLINE_BYTES, STRING_BYTES } from "./vector-memory.ts";

/** Strings of more than 12 bytes: DuckDB's vector holds only pointers to them. */
export type StringHeap = {
  source(words: Uint32Array<ArrayBuffer>, valid: Uint8Array | null): void;
  /**
   * Copies `length` bytes from where the string of `row` begins: it, and strings that touch it.
   * `end` is the first row that will not be asked for next.
   */
  copy(row: number, end: number, length: number, target: Uint8Array, offset: number): void;
};

export function stringHeap(): StringHeap {
  let words = new Uint32Array(0);
  let valid: Uint8Array | null = null;
  let fetched: Uint8Array = new Uint8Array(0);
  let fetchedFrom = 0;

  // One call per string costs as much as all other work on it; the strings of a chunk lie end to end in
  // the order of their rows, so one call fetches all that do from this row on. Nothing is read between two
  // strings that do not touch: that memory may not be there.
  function fetchFrom(row: number, end: number): void {
    fetchedFrom = pointerAt(words, row);
    let next = fetchedFrom;
    for (let index = row; index < end; index += 1) {
      const length = words[index * 4] ?? 0;
      if (length <= INLINE_BYTES || !isValid(valid, index)) continue;
      if (pointerAt(words, index) !== next) break;
      next += length;
    }
    const at = words.byteOffset + row * STRING_BYTES + 8;
    fetched = duckdb.get_data_from_pointer(words.buffer, at, next - fetchedFrom);
  }

  return {
    source(nextWords, nextValid) {
      words = nextWords;
      valid = nextValid;
      fetched = new Uint8Array(0);
    },
    copy(row, end, length, target, offset) {
      const pointer = pointerAt(words, row);
      if (pointer < fetchedFrom || pointer + length > fetchedFrom + fetched.length) fetchFrom(row, end);
      const from = pointer - fetchedFrom;
      target.set(fetched.subarray(from, from + length), offset);
    },
  };
}

export function pointerAt(words: Uint32Array, row: number): number {
  // User-space addresses have 47 bits: a double holds them exactly and compares faster than a bigint.
  return (words[row * 4 + 3] ?? 0) * 0x1_0000_0000 + (words[row * 4 + 2] ?? 0);
}
