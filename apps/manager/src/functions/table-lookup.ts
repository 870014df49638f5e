import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { CatalogColumn, CatalogTable } from "../writer/catalog.ts";
import type { FunctionContext } from "./context.ts";

/** The table of that name, as DuckDB sees names: without regard to case. */
export function findTable(context: FunctionContext, name: string): CatalogTable | undefined {
  const exact = context.tables.get(name);
  if (exact) return exact;
  const lower = name.toLowerCase();
  for (const table of context.tables.values()) if (table.name.toLowerCase() === lower) return table;
  return undefined;
}

/** Throws `table_not_found`, with names that come close. */
export function requireTable(context: FunctionContext, name: string): CatalogTable {
  const table = findTable(context, name);
  if (table) return table;
  const close = closest(name, [...context.tables.keys()]);
  throw new TeatreeError("table_not_found", `There is no table "${name}".${hint(close)}`, {
    details: { table: name, didYouMean: close },
  });
}

/** Throws `invalid_arguments` naming the path of the argument. */
export function requireColumn(table: CatalogTable, name: string, path: string): CatalogColumn {
  const column = findColumn(table, name);
  if (column) return column;
  throw unknownColumn(table, name, { path });
}

export function findColumn(table: CatalogTable, name: string): CatalogColumn | undefined {
  const lower = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === lower);
}

export function unknownColumn(
  table: CatalogTable,
  name: string,
  details: Record<string, unknown>,
): TeatreeError {
  const close = closest(
    name,
    table.columns.map((column) => column.name),
  );
  const message = `Table "${table.name}" has no column "${name}".${hint(close)}`;
  return new TeatreeError("row" in details ? "invalid_data" : "invalid_arguments", message, {
    // `column` in an error's details is a place in a text, so the name travels as `field`.
    details: { ...details, table: table.name, field: name, didYouMean: close },
  });
}

function hint(close: readonly string[]): string {
  return close.length === 0 ? "" : ` Did you mean ${close.map((name) => `"${name}"`).join(" or ")}?`;
}

/** Up to three names that differ by few letters. */
function closest(name: string, candidates: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((one) => one.distance <= limit)
    .sort((one, two) => one.distance - two.distance)
    .slice(0, 3)
    .map((one) => one.candidate);
}

/** Levenshtein distance; names are at most 255 characters. */
function distance(one: string, two: string): number {
  let previous = Array.from({ length: two.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= two.length; j += 1) {
      const swap = (previous[j - 1] ?? 0) + (one[i - 1] === two[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[two.length] ?? 0;
}
