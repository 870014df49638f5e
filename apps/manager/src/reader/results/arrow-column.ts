import type { Vector } from "@duckdb/node-bindings";
import { BufferType, Data, type DataType } from "apache-arrow";

/** Collects one column's rows from DuckDB's vectors in Arrow's layout. */
export type ArrowColumn = {
  readonly type: DataType;
  /** Points at a vector of `size` rows; it must stay alive until the last `append` from it. */
  source(vector: Vector, size: number): void;
  /** Copies rows from the vector. Throws `result_too_large` when the meter is full. */
  append(start: number, count: number): void;
  /** The rows so far as one piece; the column is empty again. */
  take(): Data;
};

type Parts = {
  nullCount?: number;
  nullBitmap?: Uint8Array;
  values?: ArrayBufferView;
  valueOffsets?: Int32Array;
  typeIds?: Int8Array;
  children?: Data[];
};

/** One piece of a column of any type, over the buffers as they are. */
export function pieceOf(type: DataType, length: number, parts: Parts): Data {
  const buffers = {
    [BufferType.OFFSET]: parts.valueOffsets,
    [BufferType.DATA]: parts.values,
    [BufferType.VALIDITY]: parts.nullBitmap ?? new Uint8Array(0),
    [BufferType.TYPE]: parts.typeIds,
  };
  return new Data(type, 0, length, parts.nullCount ?? 0, buffers, parts.children);
}
