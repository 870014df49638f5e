import type { DuckDBResult } from "@duckdb/node-api";
import type { JsonValue } from "@teatree/shared/contracts/functions";
import type { JobResult } from "@teatree/shared/contracts/jobs";
import { jsonValue } from "./json-values.ts";

/** The most rows of a page. */
export const PAGE_ROWS = 1000;
const PAGE_BYTES = 256 * 1024;

/**
 * Reads a result to its end and keeps the first page: at most 1,000 rows and 256 KB of JSON. Reading on matters: an error in a later
 * row is still an error. `nextCursor` is the number of rows kept when there are more.
 */
export async function firstPage(result: DuckDBResult): Promise<JobResult> {
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, index) => ({ name, type: String(types[index]) }));
  const rows: JsonValue[][] = [];
  let bytes = JSON.stringify(columns).length;
  let more = false;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    if (more) continue;
    for (const values of chunk.getRows()) {
      const row = values.map((value, index) => {
        const type = types[index];
        return type ? jsonValue(value, type) : null;
      });
      bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
      more = rows.length >= PAGE_ROWS || bytes > PAGE_BYTES;
      if (more) break;
      rows.push(row);
    }
  }
  return { columns, rows, nextCursor: more ? String(rows.length) : null };
}
