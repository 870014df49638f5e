import {
  DuckDBArrayType,
  type DuckDBDataChunk,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from "@duckdb/node-api";
import duckdb, { type Vector } from "@duckdb/node-bindings";
import type { NamedColumn } from "./named-column.ts";
import { isValid } from "./validity-bits.ts";
import { STRING_BYTES, validityOf, wordsOf } from "./vector-memory.ts";

/** Good enough for a limit: the widths that matter are those of text, which are counted. */
const FIXED_BYTES = 8;

/** About how many bytes of data a chunk holds: what the limit of a result counts when a file format packs it. */
export function chunkBytes(chunk: DuckDBDataChunk, columns: NamedColumn[]): number {
  let bytes = 0;
  for (const [index, { type }] of columns.entries()) {
    bytes += vectorBytes(duckdb.data_chunk_get_vector(chunk.chunk, index), chunk.rowCount, type);
  }
  return bytes;
}

function vectorBytes(vector: Vector, size: number, type: DuckDBType): number {
  if (size === 0) return 0;
  if (type.typeId === DuckDBTypeId.VARCHAR || type.typeId === DuckDBTypeId.BLOB) {
    return textBytes(vector, size);
  }
  if (type instanceof DuckDBListType) return size * 4 + childBytes(vector, type.valueType);
  if (type instanceof DuckDBMapType) {
    const entries = new DuckDBStructType(["key", "value"], [type.keyType, type.valueType]);
    return size * 4 + childBytes(vector, entries);
  }
  if (type instanceof DuckDBArrayType) {
    return vectorBytes(duckdb.array_vector_get_child(vector), size * type.length, type.valueType);
  }
  if (type instanceof DuckDBStructType) {
    return type.entryTypes.reduce(
      (sum, inner, index) => sum + vectorBytes(duckdb.struct_vector_get_child(vector, index), size, inner),
      0,
    );
  }
  return size * FIXED_BYTES;
}

function childBytes(vector: Vector, type: DuckDBType): number {
  return vectorBytes(duckdb.list_vector_get_child(vector), duckdb.list_vector_get_size(vector), type);
}

function textBytes(vector: Vector, size: number): number {
  const words = wordsOf(vector, size, STRING_BYTES);
  const valid = validityOf(vector, size);
  let bytes = size * 4;
  for (let row = 0; row < size; row += 1) {
    if (isValid(valid, row)) bytes += words[row * 4] ?? 0;
  }
  return bytes;
}
