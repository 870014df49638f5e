import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { z } from "zod";

/** One row as an array, every value still DuckDB's own. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<DuckDBValue[][]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRows();
}

/** A whole number below 2^53 from a BIGINT or INTEGER. */
export const WholeNumber = z.union([z.bigint(), z.number()]).transform(Number);

/** A name as a quoted SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The qualified name of a table of the live file. */
export function liveTable(name: string): string {
  return `model.main.${quoteName(name)}`;
}
