import type { Binary, Utf8 } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { arrowOffsets } from "./arrow-offsets.ts";
import { growingBytes } from "./growing-bytes.ts";
import type { ResultMeter } from "./result-meter.ts";
import { pointerAt, stringHeap } from "./string-heap.ts";
import { isValid, validityBits } from "./validity-bits.ts";
import { INLINE_BYTES, STRING_BYTES, validityOf, wordsOf } from "./vector-memory.ts";

/** The meter is asked at least this often, so that one chunk of huge strings cannot run away. */
const METER_EVERY_BYTES = 1_048_576;

/** VARCHAR and BLOB: the part of a result that is worth every trick. */
export function stringColumn(type: Utf8 | Binary, meter: ResultMeter): ArrowColumn {
  const text = growingBytes();
  const offsets = arrowOffsets();
  const validity = validityBits();
  const heap = stringHeap();
  let words = new Uint32Array(0);
  let valid: Uint8Array | null = null;

  function isLong(row: number): boolean {
    return (words[row * 4] ?? 0) > INLINE_BYTES && isValid(valid, row);
  }

  /** Rows up to the first long string; gives its row, or `end`. Short strings and NULLs lie in the vector itself. */
  function appendShort(start: number, end: number, ends: Int32Array, shift: number): number {
    const target = new DataView(text.reserve((end - start) * INLINE_BYTES).buffer);
    const before = text.length;
    let at = before;
    let row = start;
    for (; row < end; row += 1) {
      const word = row * 4;
      const length = isValid(valid, row) ? (words[word] ?? 0) : 0;
      if (length > INLINE_BYTES) break;
      // Whole words, up to 12 bytes: what is too much is overwritten by the next string or never looked at.
      if (length > 0) target.setUint32(at, words[word + 1] ?? 0, true);
      if (length > 4) target.setUint32(at + 4, words[word + 2] ?? 0, true);
      if (length > 8) target.setUint32(at + 8, words[word + 3] ?? 0, true);
      at += length;
      ends[row - shift] = at;
    }
    text.advance(at - before);
    return row;
  }

  /** Long strings that touch each other in DuckDB's heap, copied at once; gives the row after them. */
  function appendLong(start: number, end: number, ends: Int32Array, shift: number): number {
    const from = pointerAt(words, start);
    let next = from;
    let row = start;
    for (; row < end && next - from < METER_EVERY_BYTES; row += 1) {
      if (!isLong(row) || pointerAt(words, row) !== next) break;
      next += words[row * 4] ?? 0;
      ends[row - shift] = text.length + (next - from);
    }
    meter.add(next - from);
    heap.copy(start, end, next - from, text.reserve(next - from), text.length);
    text.advance(next - from);
    return row;
  }

  return {
    type,
    source(vector, size) {
      words = wordsOf(vector, size, STRING_BYTES);
      valid = validityOf(vector, size);
      heap.source(words, valid);
    },
    append(start, count) {
      const end = start + count;
      const ends = offsets.next(count);
      let row = start;
      while (row < end) {
        if (isLong(row)) {
          row = appendLong(row, end, ends, start);
          continue;
        }
        const before = text.length;
        row = appendShort(row, end, ends, start);
        meter.add(text.length - before);
      }
      meter.add(count * 4);
      validity.append(valid, start, count);
    },
    take() {
      const { length, valueOffsets } = offsets.take();
      return pieceOf(type, length, { valueOffsets, values: text.take(), ...validity.take() });
    },
  };
}
