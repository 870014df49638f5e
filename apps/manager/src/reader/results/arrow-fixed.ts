import type { DuckDBDecimalType } from "@duckdb/node-api";
import type { Vector } from "@duckdb/node-bindings";
import { Bool, type DataType, Decimal, Null } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { growingBytes } from "./growing-bytes.ts";
import type { ResultMeter } from "./result-meter.ts";
import { validityBits } from "./validity-bits.ts";
import { validityOf, valuesOf } from "./vector-memory.ts";

type ViewMaker = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView;
};

/** Values whose bytes are the same in DuckDB and Arrow. `view` is the array Arrow wants over them. */
export function fixedColumn(type: DataType, width: number, view: ViewMaker, meter: ResultMeter): ArrowColumn {
  const values = growingBytes();
  const validity = validityBits();
  let bytes = new Uint8Array(0);
  let valid: Uint8Array | null = null;
  return {
    type,
    source(vector, size) {
      bytes = valuesOf(vector, size, width);
      valid = validityOf(vector, size);
    },
    append(start, count) {
      meter.add(count * width);
      values
        .reserve(count * width)
        .set(bytes.subarray(start * width, (start + count) * width), values.length);
      values.advance(count * width);
      validity.append(valid, start, count);
    },
    take() {
      const length = values.length / width;
      return pieceOf(type, length, { values: viewOf(values.take(), view), ...validity.take() });
    },
  };
}

/** One byte per value in DuckDB, one bit in Arrow. */
export function boolColumn(meter: ResultMeter): ArrowColumn {
  const type = new Bool();
  const bits = growingBytes();
  const validity = validityBits();
  let rows = 0;
  let bytes = new Uint8Array(0);
  let valid: Uint8Array | null = null;
  return {
    type,
    source(vector, size) {
      bytes = valuesOf(vector, size, 1);
      valid = validityOf(vector, size);
    },
    append(start, count) {
      meter.add(count / 8);
      const end = Math.ceil((rows + count) / 8);
      const target = bits.reserve(end - bits.length);
      bits.advance(end - bits.length);
      for (let row = 0; row < count; row += 1, rows += 1) {
        if (bytes[start + row] !== 0) target[rows >> 3] = (target[rows >> 3] ?? 0) | (1 << (rows & 7));
      }
      validity.append(valid, start, count);
    },
    take() {
      const length = rows;
      rows = 0;
      return pieceOf(type, length, { values: bits.take(), ...validity.take() });
    },
  };
}

/** DuckDB keeps decimals in 2, 4, 8 or 16 bytes by their width; Arrow in 16. */
export function decimalColumn({ width, scale }: DuckDBDecimalType, meter: ResultMeter): ArrowColumn {
  const type = new Decimal(scale, width);
  if (width > 18) return fixedColumn(type, 16, Uint32Array, meter);
  return width > 9 ? widenedColumn(type, 8, meter) : widenedColumn(type, width > 4 ? 4 : 2, meter);
}

function widenedColumn(type: Decimal, width: 2 | 4 | 8, meter: ResultMeter): ArrowColumn {
  const values = growingBytes();
  const validity = validityBits();
  let words: Int16Array | Int32Array = new Int32Array(0);
  let valid: Uint8Array | null = null;
  const high = width === 8 ? 1 : 0;
  return {
    type,
    source(vector: Vector, size: number) {
      const { buffer, byteOffset } = valuesOf(vector, size, width);
      const View = width === 2 ? Int16Array : Int32Array;
      words = new View(buffer, byteOffset, size * (high + 1));
      valid = validityOf(vector, size);
    },
    append(start, count) {
      meter.add(count * 16);
      const target = new Int32Array(values.reserve(count * 16).buffer, values.length, count * 4);
      for (let row = 0; row < count; row += 1) {
        const word = (start + row) * (high + 1);
        const low = words[word] ?? 0;
        const top = high === 0 ? low >> 31 : (words[word + 1] ?? 0);
        target[row * 4] = low;
        target[row * 4 + 1] = top;
        target[row * 4 + 2] = top >> 31;
        target[row * 4 + 3] = top >> 31;
      }
      values.advance(count * 16);
      validity.append(valid, start, count);
    },
    take() {
      const length = values.length / 16;
      return pieceOf(type, length, { values: viewOf(values.take(), Uint32Array), ...validity.take() });
    },
  };
}

/** A column whose type is NULL itself, as in an empty list literal. */
export function nullColumn(): ArrowColumn {
  const type = new Null();
  let rows = 0;
  return {
    type,
    source() {},
    append(_start, count) {
      rows += count;
    },
    take() {
      const length = rows;
      rows = 0;
      return pieceOf(type, length, { nullCount: length });
    },
  };
}

function viewOf(bytes: Uint8Array<ArrayBuffer>, View: ViewMaker): ArrayBufferView {
  return new View(bytes.buffer, bytes.byteOffset, bytes.byteLength / View.BYTES_PER_ELEMENT);
}
