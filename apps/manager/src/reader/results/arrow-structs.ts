import duckdb from "@duckdb/node-bindings";
import { type DataType, Field, SparseUnion, Struct } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { growingBytes } from "./growing-bytes.ts";
import { isValid, validityBits } from "./validity-bits.ts";
import { validityOf, valuesOf } from "./vector-memory.ts";

export type Member = { name: string; nullable: boolean; column: ArrowColumn };

export function structColumn(members: Member[]): ArrowColumn & { type: Struct } {
  const type = new Struct(fieldsOf(members));
  const validity = validityBits();
  let valid: Uint8Array | null = null;
  let rows = 0;
  return {
    type,
    source(vector, size) {
      valid = validityOf(vector, size);
      for (const [index, { column }] of members.entries()) {
        column.source(duckdb.struct_vector_get_child(vector, index), size);
      }
    },
    append(start, count) {
      rows += count;
      for (const { column } of members) column.append(start, count);
      validity.append(valid, start, count);
    },
    take() {
      const length = rows;
      rows = 0;
      const children = members.map(({ column }) => column.take());
      return pieceOf(type, length, { children, ...validity.take() });
    },
  };
}

/** DuckDB's UNION is a struct of a tag and all members; Arrow's sparse union is the same without a validity. */
export function unionColumn(members: Member[]): ArrowColumn {
  const type = new SparseUnion([...members.keys()], fieldsOf(members));
  const tags = growingBytes();
  let source = new Uint8Array(0);
  let valid: Uint8Array | null = null;
  return {
    type,
    source(vector, size) {
      const tagVector = duckdb.struct_vector_get_child(vector, 0);
      source = valuesOf(tagVector, size, 1);
      valid = validityOf(tagVector, size);
      for (const [index, { column }] of members.entries()) {
        column.source(duckdb.struct_vector_get_child(vector, index + 1), size);
      }
    },
    append(start, count) {
      const target = tags.reserve(count);
      // A NULL union points at its first member, which is NULL in that row too.
      for (let row = 0; row < count; row += 1) {
        target[tags.length + row] = isValid(valid, start + row) ? (source[start + row] ?? 0) : 0;
      }
      tags.advance(count);
      for (const { column } of members) column.append(start, count);
    },
    take() {
      const typeIds = new Int8Array(tags.take());
      const children = members.map(({ column }) => column.take());
      return pieceOf(type, typeIds.length, { typeIds, children });
    },
  };
}

function fieldsOf(members: Member[]): Field<DataType>[] {
  return members.map(({ name, nullable, column }) => new Field(name, column.type, nullable));
}
