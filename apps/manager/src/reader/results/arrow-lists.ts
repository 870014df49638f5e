import duckdb from "@duckdb/node-bindings";
import { Field, FixedSizeList, List, Map_, type Struct } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { arrowOffsets } from "./arrow-offsets.ts";
import type { ResultMeter } from "./result-meter.ts";
import { isValid, validityBits } from "./validity-bits.ts";
import { validityOf, wordsOf } from "./vector-memory.ts";

/** DuckDB's list_entry_t: 64-bit offset and 64-bit length. */
const ENTRY_BYTES = 16;

export function listColumn(child: ArrowColumn, meter: ResultMeter): ArrowColumn {
  return entriesColumn(new List(new Field("item", child.type, true)), child, meter);
}

/** A MAP is a list of key and value pairs in both formats. `entries` is the column of the pairs. */
export function mapColumn(entries: ArrowColumn, entryType: Struct, meter: ResultMeter): ArrowColumn {
  const [key, value] = entryType.children;
  if (key === undefined || value === undefined) throw new Error("a map needs keys and values");
  const type = new Map_(new Field("entries", entryType, false));
  return entriesColumn(type, entries, meter);
}

function entriesColumn(type: List | Map_, child: ArrowColumn, meter: ResultMeter): ArrowColumn {
  const offsets = arrowOffsets();
  const validity = validityBits();
  let words = new Uint32Array(0);
  let valid: Uint8Array | null = null;
  let childRows = 0;
  return {
    type,
    source(vector, size) {
      words = wordsOf(vector, size, ENTRY_BYTES);
      valid = validityOf(vector, size);
      const childSize = duckdb.list_vector_get_size(vector);
      if (childSize > 0) child.source(duckdb.list_vector_get_child(vector), childSize);
    },
    append(start, count) {
      meter.add(count * 4);
      const ends = offsets.next(count);
      let runStart = 0;
      let runLength = 0;
      for (let row = start; row < start + count; row += 1) {
        // The entry of a NULL holds whatever was there before.
        const length = isValid(valid, row) ? (words[row * 4 + 2] ?? 0) : 0;
        const from = words[row * 4] ?? 0;
        if (length > 0 && from !== runStart + runLength) {
          if (runLength > 0) child.append(runStart, runLength);
          runStart = from;
          runLength = 0;
        }
        runLength += length;
        childRows += length;
        ends[row - start] = childRows;
      }
      if (runLength > 0) child.append(runStart, runLength);
      validity.append(valid, start, count);
    },
    take() {
      const { length, valueOffsets } = offsets.take();
      childRows = 0;
      return pieceOf(type, length, { valueOffsets, children: [child.take()], ...validity.take() });
    },
  };
}

/** ARRAY: every row has the same number of elements, also a NULL one. */
export function arrayColumn(child: ArrowColumn, length: number): ArrowColumn {
  const type = new FixedSizeList(length, new Field("item", child.type, true));
  const validity = validityBits();
  let valid: Uint8Array | null = null;
  let rows = 0;
  return {
    type,
    source(vector, size) {
      valid = validityOf(vector, size);
      child.source(duckdb.array_vector_get_child(vector), size * length);
    },
    append(start, count) {
      rows += count;
      child.append(start * length, count * length);
      validity.append(valid, start, count);
    },
    take() {
      const taken = rows;
      rows = 0;
      return pieceOf(type, taken, { children: [child.take()], ...validity.take() });
    },
  };
}
