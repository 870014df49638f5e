import type { GridData } from "./result-columns.ts";

/** A read's answer as the grid shows it. */
export type ResultSet = {
  data: GridData;
  /** There are more rows than were read. */
  truncated: boolean;
  /** Rows that were asked for at most. */
  limit: number;
  /** Rows in all; null until counted. */
  totalRows: number | null;
};

/** Rows per read; "load more" asks for ten times as many. */
export const FIRST_ROWS = 10_000;
export const MOST_ROWS = 1_000_000;

/** `first 10,000 of 3,000,000`, `first 10,000, there are more`, `24 rows`. Never hides that something is cut. */
export function rowsSentence({ data, truncated, totalRows }: ResultSet): { strong: string; rest: string } {
  const shown = data.rowCount.toLocaleString("en-US");
  if (!truncated) return { strong: shown, rest: data.rowCount === 1 ? "row" : "rows" };
  if (totalRows === null) return { strong: `first ${shown}`, rest: "there are more" };
  return { strong: `first ${shown}`, rest: `of ${totalRows.toLocaleString("en-US")}` };
}
