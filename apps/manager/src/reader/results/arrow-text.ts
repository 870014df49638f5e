import { type DuckDBType, type DuckDBValue, DuckDBVector } from "@duckdb/node-api";
import { Utf8 } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { arrowOffsets } from "./arrow-offsets.ts";
import { growingBytes } from "./growing-bytes.ts";
import type { ResultMeter } from "./result-meter.ts";
import { isValid, validityBits } from "./validity-bits.ts";
import { validityOf } from "./vector-memory.ts";

const encoder = new TextEncoder();

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
