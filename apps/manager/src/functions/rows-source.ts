import type { DuckDBType } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { JsonValue } from "@teatree/shared/contracts/functions";
import type { CatalogTable } from "../writer/catalog.ts";
import { liveTable, quoteName, quoteText } from "../writer/engine.ts";
import type { FunctionContext } from "./context.ts";
import { inferColumns } from "./infer-types.ts";
import { findColumn, unknownColumn } from "./table-lookup.ts";
import { wireValue } from "./value-wire.ts";
import { unwireSql, wireStructure } from "./wire-sql.ts";

export type Row = Record<string, JsonValue>;

/** Rows ready to be selected: `sql` yields exactly `columns`, in the order of the rows. */
export type Source = {
  sql: string;
  values: string[];
  columns: string[];
  /** SQL of a flag, per column that some rows leave out: whether the row at hand has it. Names of extra columns of `sql`. */
  given: ReadonlyMap<string, string>;
};

/** Makes an empty table for rows that have none yet. Throws `invalid_data`. */
export async function createTableFor(
  context: FunctionContext,
  name: string,
  rows: readonly Row[],
): Promise<void> {
  const inferred = inferColumns(rows);
  if ("problem" in inferred) throw badValue(inferred.row, inferred.column, inferred.problem);
  if (inferred.columns.length === 0) throw new TeatreeError("invalid_data", "The rows have no columns.");
  const columns = inferred.columns.map((column) => `${quoteName(column.name)} ${column.type}`);
  await context.connection.run(`CREATE TABLE ${liveTable(name)} (${columns.join(", ")})`);
}

/**
 * Checks JSON rows against the table's types and makes one relation of them. A column that a row leaves out gets the column's
 * default; with `flags` the relation tells which rows those are. Throws `invalid_data` with row (from 1) and column.
 */
export async function rowsSource(
  context: FunctionContext,
  table: CatalogTable,
  rows: readonly Row[],
  flags = false,
): Promise<Source> {
  const types = await columnTypes(context, table);
  const used = usedColumns(table, rows);
  const wired = rows.map((row, index) => wireRow(row, index + 1, table, used, types));
  const structure = Object.fromEntries(
    used.flatMap((name, at) => [
      [`c${at}`, wireStructure(typeOf(types, name))],
      [`p${at}`, "BOOLEAN"],
    ]),
  );
  const partial = new Set(used.filter((_, at) => wired.some((row) => row[`p${at}`] !== true)));
  const given = new Map<string, string>();
  const parts = used.map((name, at) => {
    const cast = unwireSql(`r.c${at}`, typeOf(types, name));
    const preset = findColumn(table, name)?.default;
    const value =
      partial.has(name) && preset !== null && preset !== undefined
        ? `CASE WHEN r.p${at} THEN ${cast} ELSE (${preset}) END`
        : cast;
    return `${value} AS ${quoteName(name)}`;
  });
  if (flags) {
    for (const [at, name] of used.entries()) {
      if (!partial.has(name)) continue;
      const flag = `teatree given ${at}`;
      given.set(name, flag);
      parts.push(`coalesce(r.p${at}, false) AS ${quoteName(flag)}`);
    }
  }
  const sql = `SELECT ${parts.join(", ")}
    FROM (SELECT unnest(from_json($1::JSON, ${quoteText(JSON.stringify([structure]))})) AS r)`;
  return { sql, values: [JSON.stringify(wired)], columns: used, given };
}

/** Entries of the catalog are made anew when anything in it changes, so they can stand for their schema. */
const typesBySchema = new WeakMap<CatalogTable, ReadonlyMap<string, DuckDBType>>();

/** The structured types of a table's columns, by lower-case name. */
export async function columnTypes(
  context: FunctionContext,
  table: CatalogTable,
): Promise<ReadonlyMap<string, DuckDBType>> {
  const known = typesBySchema.get(table);
  if (known) return known;
  const result = await context.connection.run(`SELECT * FROM ${liveTable(table.name)} LIMIT 0`);
  const types = result.columnTypes();
  const byName = new Map<string, DuckDBType>();
  result.columnNames().forEach((name, index) => {
    const type = types[index];
    if (type) byName.set(name.toLowerCase(), type);
  });
  typesBySchema.set(table, byName);
  return byName;
}

function typeOf(types: ReadonlyMap<string, DuckDBType>, name: string): DuckDBType {
  const type = types.get(name.toLowerCase());
  if (!type) throw new TeatreeError("internal", `Column "${name}" has no type.`);
  return type;
}

/** The table's own spelling of every column that any row has. */
function usedColumns(table: CatalogTable, rows: readonly Row[]): string[] {
  const used = new Set<string>();
  for (const [index, row] of rows.entries()) {
    for (const name of Object.keys(row)) {
      const column = findColumn(table, name);
      if (!column) throw unknownColumn(table, name, { row: index + 1 });
      used.add(column.name);
    }
  }
  if (used.size === 0) throw new TeatreeError("invalid_data", "The rows have no columns.");
  return table.columns.map((column) => column.name).filter((name) => used.has(name));
}

function wireRow(
  row: Row,
  number: number,
  table: CatalogTable,
  used: readonly string[],
  types: ReadonlyMap<string, DuckDBType>,
): Record<string, JsonValue> {
  const byLower = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(row)) {
    const lower = name.toLowerCase();
    if (byLower.has(lower)) throw badValue(number, name, "the column stands twice in the row");
    byLower.set(lower, value);
  }
  const wired: Record<string, JsonValue> = {};
  for (const [at, name] of used.entries()) {
    const value = byLower.get(name.toLowerCase());
    if (value === undefined) continue;
    const result = wireValue(value, typeOf(types, name));
    if ("problem" in result) throw badValue(number, name, result.problem);
    wired[`c${at}`] = result.wire;
    wired[`p${at}`] = true;
  }
  for (const column of table.columns) {
    const value = byLower.get(column.name.toLowerCase());
    if (column.nullable || (value !== null && (value !== undefined || column.default !== null))) continue;
    throw badValue(
      number,
      column.name,
      value === null ? "must not be null" : "is missing and must not be null",
    );
  }
  return wired;
}

export function badValue(row: number, column: string, problem: string): TeatreeError {
  return new TeatreeError("invalid_data", `Row ${row}, column "${column}": ${problem}.`, {
    details: { row, field: column },
  });
}
