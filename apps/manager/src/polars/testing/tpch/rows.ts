import { type DuckDBConnection, DuckDBTypeId } from "@duckdb/node-api";

const TOLERANCE = 1e-9;

/** What a query gave. Floating-point values are numbers, all others are text. */
export interface Rows {
  /** By name: whether the column is floating point. */
  columns: Record<string, "floating" | "exact">;
  rows: Record<string, string | number | null>[];
}

export async function readRows(duckdb: DuckDBConnection, sql: string): Promise<Rows> {
  const result = await duckdb.runAndReadAll(sql);
  const columns: Rows["columns"] = {};
  for (const [index, name] of result.columnNames().entries()) {
    const { typeId } = result.columnType(index);
    const floating = typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT;
    columns[name] = floating ? "floating" : "exact";
  }
  const rows = result.getRowObjects().map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        if (value === null) return [name, null];
        return [name, columns[name] === "floating" ? Number(value) : exactText(String(value))];
      }),
    ),
  );
  return { columns, rows };
}

/** A decimal's trailing zeros come from its type and say nothing about its value. */
function exactText(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}

/** The first difference in words, or nothing when there is none; the order of columns does not matter, that of rows does. */
export function differenceOf(expected: Rows, actual: Rows): string | undefined {
  const wanted = columnsText(expected);
  const got = columnsText(actual);
  if (wanted !== got) return `The columns are ${got}, not ${wanted}.`;
  if (expected.rows.length !== actual.rows.length)
    return `There are ${actual.rows.length} rows, not ${expected.rows.length}.`;
  for (const [index, row] of expected.rows.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const other = actual.rows[index]?.[name];
      if (!isSame(value, other)) return `In row ${index} ${name} is ${other}, not ${value}.`;
    }
  }
  return undefined;
}

function columnsText({ columns }: Rows): string {
  return Object.entries(columns)
    .map(([name, kind]) => `${name} (${kind})`)
    .sort()
    .join(", ");
}

function isSame(expected: string | number | null, actual: string | number | null | undefined): boolean {
  if (typeof expected !== "number" || typeof actual !== "number") return expected === actual;
  return Object.is(expected, actual) || Math.abs(expected - actual) <= TOLERANCE * Math.abs(expected);
}
