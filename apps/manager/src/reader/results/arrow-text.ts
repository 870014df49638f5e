import { type DuckDBType, type DuckDBValue, DuckDBVector } from "@duckdb/node-api";
import { type Binary, Utf8 } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { arrowOffsets } from "./arrow-offsets.ts";
import { growingBytes } from "./growing-bytes.ts";
import type { ResultMeter } from "./result-meter.ts";
import { pointerAt, stringHeap } from "./string-heap.ts";
import { isValid, validityBits } from "./validity-bits.ts";
import { INLINE_BYTES, STRING_BYTES, validityOf, wordsOf } from "./vector-memory.ts";

/** The meter is asked at least this often, so that one chunk of huge strings cannot run away. */
const METER_EVERY_BYTES = 1_048_576;
const encoder = new TextEncoder();

/** VARCHAR and BLOB. */
export function stringColumn(type: Utf8 | Binary, meter: ResultMeter): ArrowColumn {
  const text = growingBytes();
  const offsets = arrowOffsets();
  const validity = validityBits();
  const heap = stringHeap();
  let words = new Uint32Array(0);
  let bytes = new Uint8Array(0);
  let valid: Uint8Array | null = null;

  function appendShort(row: number, length: number): void {
    const target = text.reserve(length);
    const from = row * STRING_BYTES + 4;
    const to = text.length;
    for (let index = 0; index < length; index += 1) target[to + index] = bytes[from + index] ?? 0;
    text.advance(length);
  }

  // Strings that touch each other in DuckDB's heap are copied at once.
  function appendRun(row: number, end: number, length: number): void {
    heap.copy(row, end, length, text.reserve(length), text.length);
    text.advance(length);
  }

  return {
    type,
    source(vector, size) {
      words = wordsOf(vector, size, STRING_BYTES);
      bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      valid = validityOf(vector, size);
      heap.source(words, valid);
    },
    append(start, count) {
      const end = start + count;
      const ends = offsets.next(count);
      const run = { row: start, length: 0, next: 0 };
      let at = text.length;
      let unmetered = count * 4;
      for (let row = start; row < end; row += 1) {
        const length = isValid(valid, row) ? (words[row * 4] ?? 0) : 0;
        at += length;
        ends[row - start] = at;
        unmetered += length;
        if (unmetered > METER_EVERY_BYTES) {
          meter.add(unmetered);
          unmetered = 0;
        }
        if (length === 0) continue;
        const pointer = length > INLINE_BYTES ? pointerAt(words, row) : 0;
        if (run.length > 0 && pointer !== run.next) {
          appendRun(run.row, end, run.length);
          run.length = 0;
        }
        if (pointer === 0) {
          appendShort(row, length);
          continue;
        }
        if (run.length === 0) run.row = row;
        run.length += length;
        run.next = pointer + length;
      }
      if (run.length > 0) appendRun(run.row, end, run.length);
      meter.add(unmetered);
      validity.append(valid, start, count);
    },
    take() {
      const { length, valueOffsets } = offsets.take();
      return pieceOf(type, length, { valueOffsets, values: text.take(), ...validity.take() });
    },
  };
}

/** Types that Arrow has no faithful form for travel as text. */
export function shownAsTextColumn(
  source: DuckDBType,
  show: (value: DuckDBValue) => string,
  meter: ResultMeter,
): ArrowColumn {
  const type = new Utf8();
  const text = growingBytes();
  const offsets = arrowOffsets();
  const validity = validityBits();
  let vector: DuckDBVector | undefined;
  let valid: Uint8Array | null = null;
  return {
    type,
    source(raw, size) {
      vector = DuckDBVector.create(raw, size, source);
      valid = validityOf(raw, size);
    },
    append(start, count) {
      const ends = offsets.next(count);
      for (let row = start; row < start + count; row += 1) {
        const value = isValid(valid, row) ? vector?.getItem(row) : null;
        if (value !== null && value !== undefined) {
          const encoded = encoder.encode(show(value));
          meter.add(encoded.length + 4);
          text.reserve(encoded.length).set(encoded, text.length);
          text.advance(encoded.length);
        }
        ends[row - start] = text.length;
      }
      validity.append(valid, start, count);
    },
    take() {
      const { length, valueOffsets } = offsets.take();
      return pieceOf(type, length, { valueOffsets, values: text.take(), ...validity.take() });
    },
  };
}
