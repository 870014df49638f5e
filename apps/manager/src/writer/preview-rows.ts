import type { DuckDBConnection } from "@duckdb/node-api";
import type { ComparedRow } from "@teatree/shared/contracts/compare";
import type { PreviewTable } from "@teatree/shared/contracts/preview";
import { declaredKey } from "../compare/choose-key.ts";
import { compareTable, type ListedRow, type TableDifference } from "../compare/compare-table.ts";
import { rowPage, shownColumns } from "../compare/row-page.ts";
import { commonColumns, readSide, type Side, tableOf } from "../compare/side.ts";
import type { CatalogTable } from "./catalog.ts";
import { rowsOf, WholeNumber } from "./engine.ts";
import { placeDifference } from "./place-difference.ts";
import { schemaDifference } from "./schema-difference.ts";

export type TableState = CatalogTable & { rows: number };

export type Comparison = {
  table: string;
  /** null: there is no such table. */
  before: TableState | null;
  after: TableState | null;
  /** Whether it is the table that was there, and not another made in its place: rows have kept their row ids then. */
  isSameTable: boolean;
  /** Rows were only added at the end. */
  isAppended: boolean;
  catalogs: { before: string; after: string };
  sampleRows: number;
  /** Throws when the comparison is to stop. */
  check: () => void;
};

type Found = TableDifference & Pick<PreviewTable, "matchedBy">;
const NO_KEY: TableDifference["key"] = { how: "row", columns: [] };

/** What became of one table's rows, with some of them. Throws `cancelled` when it is interrupted. */
export async function previewTable(
  connection: DuckDBConnection,
  comparison: Comparison,
): Promise<PreviewTable> {
  const { before, after } = comparison;
  const found = await differenceOf(connection, comparison);
  const { added, changed, removed } = found.counts;
  const isTouched = added + changed + removed > 0 || before?.schemaHash !== after?.schemaHash;
  return {
    ...factsOf(comparison, isTouched),
    added,
    changed,
    removed,
    matchedBy: found.matchedBy,
    key: found.key.how === "row" ? [] : found.key.columns.map(({ name }) => name),
    sample: { columns: shownColumns(found), rows: await sampleOf(connection, found, comparison.sampleRows) },
  };
}

/** The same for a table that is too large to be compared: what is known without looking at rows. */
export function uncountedTable(comparison: Comparison): PreviewTable {
  const { before, after, isAppended } = comparison;
  const isKnown = before === null || after === null || isAppended;
  const known = {
    added: Math.max(0, (after?.rows ?? 0) - (before?.rows ?? 0)),
    changed: 0,
    removed: after === null ? (before?.rows ?? 0) : 0,
  };
  return {
    ...factsOf(comparison, true),
    ...(isKnown ? known : { added: null, changed: null, removed: null }),
    matchedBy: null,
    key: [],
    sample: { columns: [], rows: [] },
  };
}

function factsOf({ table, before, after }: Comparison, isTouched: boolean) {
  const change =
    before === null ? "created" : after === null ? "dropped" : isTouched ? "changed" : "unchanged";
  return {
    table,
    change,
    rowsBefore: before?.rows ?? null,
    rowsAfter: after?.rows ?? null,
    schemaChanges: before && after ? schemaDifference(before.columns, after.columns) : [],
  } as const;
}

async function differenceOf(connection: DuckDBConnection, comparison: Comparison): Promise<Found> {
  const { table, catalogs, isSameTable, isAppended, sampleRows, check } = comparison;
  const before = comparison.before && (await readSide(connection, catalogs.before, table));
  const after = comparison.after && (await readSide(connection, catalogs.after, table));
  if (before === null || after === null || (isAppended && isSameTable)) {
    const listed = [
      ...(after ? await rowsBehind(connection, after, before, "added", sampleRows) : []),
      ...(before && !after ? await rowsBehind(connection, before, null, "removed", sampleRows) : []),
    ];
    const added = (after?.rows ?? 0) - (after ? (before?.rows ?? 0) : 0);
    const removed = after ? 0 : (before?.rows ?? 0);
    const counts = { added, removed, changed: 0, unchanged: (after?.rows ?? 0) - added };
    return { before, after, key: NO_KEY, counts, listed, matchedBy: before && after ? "place" : null };
  }
  if (isSameTable && declaredKey(before, after, commonColumns(before, after)) === null) {
    const { counts, listed } = await placeDifference(connection, before, after, sampleRows);
    return { before, after, key: NO_KEY, counts, listed, matchedBy: "place" };
  }
  const found = await compareTable(connection, before, after, null, { check, progress: () => undefined });
  return { ...found, matchedBy: found.key.how === "given" ? "declared" : found.key.how };
}

/** The first rows of a table that come after all those of `other`. */
async function rowsBehind(
  connection: DuckDBConnection,
  side: Side,
  other: Side | null,
  change: "added" | "removed",
  limit: number,
): Promise<ListedRow[]> {
  const behind = other
    ? `WHERE rowid > coalesce((SELECT system.main.max(rowid) FROM ${tableOf(other)}), -1)`
    : "";
  const found = await rowsOf(
    connection,
    `SELECT rowid FROM ${tableOf(side)} ${behind} ORDER BY rowid LIMIT ${WholeNumber.parse(limit)}`,
  );
  return found.flatMap(([id]) => {
    if (typeof id !== "bigint") return [];
    return [change === "added" ? { change, before: null, after: id } : { change, before: id, after: null }];
  });
}

async function sampleOf(
  connection: DuckDBConnection,
  found: TableDifference,
  limit: number,
): Promise<ComparedRow[]> {
  const rows: ComparedRow[] = [];
  for (const change of ["changed", "added", "removed"] as const) {
    rows.push(...(await rowPage(connection, found, { offset: 0, limit, change })).rows);
  }
  const columns = shownColumns(found);
  const isNew = (name: string) => found.before?.columns.every((column) => column.name !== name) === true;
  return rows.map((row) => {
    if (row.change !== "changed") return row;
    const filled = columns.filter(({ name }, at) => isNew(name) && row.after?.[at] !== null);
    return { ...row, cells: [...row.cells, ...filled.map(({ name }) => name)] };
  });
}
