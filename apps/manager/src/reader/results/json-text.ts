import type { DuckDBDataChunk } from "@duckdb/node-api";
import { jsonValue } from "../../values/json-values.ts";
import type { NamedColumn } from "./named-column.ts";
import type { ResultMeter } from "./result-meter.ts";

export type JsonText = {
  add(chunk: DuckDBDataChunk, rows: number): Uint8Array[];
  end(truncated: boolean): Uint8Array[];
};

const encoder = new TextEncoder();

/** The text of a QueryResultJson, written while the rows come. */
export function jsonText(version: number, columns: NamedColumn[], meter: ResultMeter): JsonText {
  const shown = columns.map(({ name, typeName }) => ({ name, type: typeName }));
  let head = `{"version":${version},"columns":${JSON.stringify(shown)},"rows":[`;
  let rowCount = 0;

  function encoded(text: string): Uint8Array[] {
    const bytes = encoder.encode(text);
    meter.add(bytes.byteLength);
    return [bytes];
  }

  return {
    add(chunk, rows) {
      const lines = rowsOf(chunk, columns, rows).map((row) => JSON.stringify(row));
      const text = head + (rowCount > 0 && rows > 0 ? "," : "") + lines.join(",");
      head = "";
      rowCount += rows;
      return encoded(text);
    },
    end(truncated) {
      return encoded(`${head}],"rowCount":${rowCount},"truncated":${truncated}}`);
    },
  };
}

function rowsOf(chunk: DuckDBDataChunk, columns: NamedColumn[], count: number): unknown[][] {
  const rows = Array.from({ length: count }, (): unknown[] => []);
  for (const [index, { type }] of columns.entries()) {
    const vector = chunk.getColumnVector(index);
    for (const [row, values] of rows.entries()) {
      const value = vector.getItem(row);
      values.push(value === null ? null : jsonValue(value, type));
    }
  }
  return rows;
}
