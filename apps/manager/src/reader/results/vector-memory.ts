import duckdb, { type Vector } from "@duckdb/node-bindings";

/** DuckDB's string_t: a length, then either 12 bytes of text, or 4 bytes of prefix and a pointer. */
export const STRING_BYTES = 16;
export const INLINE_BYTES = 12;

/** A vector's validity bitmap in whole 64-bit words; null when every row has a value. */
export function validityOf(vector: Vector, size: number): Uint8Array | null {
  // The binding gives null when DuckDB keeps no bitmap, whatever its declaration says.
  const bytes: Uint8Array | null | undefined = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8);
  return bytes ?? null;
}

/** The raw values of a vector's first `size` rows, `width` bytes each. */
export function valuesOf(vector: Vector, size: number, width: number): Uint8Array<ArrayBuffer> {
  const bytes = duckdb.vector_get_data(vector, size * width);
  if (bytes.buffer instanceof ArrayBuffer)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new Error("DuckDB's values lie in shared memory");
}

/** The same as 32-bit words. */
export function wordsOf(vector: Vector, size: number, width: number): Uint32Array<ArrayBuffer> {
  const bytes = valuesOf(vector, size, width);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
