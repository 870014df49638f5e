import type { PreviewTable } from "@teatree/shared/contracts/preview";
import { sqlError } from "../gate/errors.ts";
import { type ApplyHooks, applyItem } from "./apply.ts";
import type { CatalogTable } from "./catalog.ts";
import { quoteText, rowsOf } from "./engine.ts";
import type { LiveModel } from "./live-model.ts";
import type { PreviewAnswer, PreviewCall } from "./preview-call.ts";
import { type Comparison, compareTable } from "./preview-rows.ts";
import { stopAfter } from "./stopping.ts";

/** The catalog of the file as it was. */
const BEFORE = "teatree_before";

/** Applies the intent for good, as any other, and says what differs. */
export async function previewItem(
  model: LiveModel,
  { item, before, limits }: PreviewCall,
  hooks: ApplyHooks,
): Promise<PreviewAnswer> {
  const known = await tableIds(model);
  const tablesBefore = await model.tables();
  const rowsBefore = new Map<string, number>();
  for (const name of tablesBefore.keys()) rowsBefore.set(name, await model.rowsBefore(name));
  const outcome = await applyItem(model, item, hooks);
  if (outcome.status !== "applied") return { outcome, tables: [], exact: true };
  if (before !== undefined) {
    await model.connection.run(`ATTACH ${quoteText(before)} AS ${BEFORE} (READ_ONLY)`);
  }
  const ids = await tableIds(model);
  const tablesAfter = await model.tables();
  const end = performance.now() + limits.compareMs;
  const tables: PreviewTable[] = [];
  for (const { table, rowsBefore: were, rowsAfter: are } of outcome.changes) {
    const comparison = {
      table,
      before: side(tablesBefore, table, were),
      after: side(tablesAfter, table, are),
      isSameTable: known.get(table) === ids.get(table),
      isAppended: outcome.appended?.includes(table) === true,
      catalogs: { before: BEFORE, after: "model" },
      sampleRows: limits.sampleRows,
      mayCompare: Math.max(were ?? 0, are ?? 0) <= limits.comparedRows,
    };
    tables.push(await comparedInTime(model, comparison, end));
  }
  for (const [table, rows] of rowsBefore) {
    if (!tables.some((known) => known.table === table)) tables.push(untouched(table, rows));
  }
  tables.sort((a, b) => Number(a.change === "unchanged") - Number(b.change === "unchanged"));
  return { outcome, tables, exact: tables.every(({ added }) => added !== null) };
}

/** What cannot be compared in time or memory is said not to be counted. */
async function comparedInTime(model: LiveModel, comparison: Comparison, end: number): Promise<PreviewTable> {
  const { connection } = model;
  const stopping = stopAfter([connection], Math.max(0, end - performance.now()));
  try {
    return await compareTable(connection, comparison);
  } catch (error) {
    if (stopping.reason() === undefined && sqlError(error).code !== "out_of_memory") throw error;
  } finally {
    stopping.end();
  }
  return compareTable(connection, { ...comparison, mayCompare: false });
}

/** A table that was altered keeps its number, one that took its place has another. */
async function tableIds({ connection }: LiveModel): Promise<Map<string, string>> {
  const found = await rowsOf(
    connection,
    `SELECT table_name, table_oid FROM system.main.duckdb_tables()
     WHERE database_name = 'model' AND schema_name = 'main'`,
  );
  return new Map(found.map(([name, id]) => [String(name), String(id)]));
}

function side(tables: ReadonlyMap<string, CatalogTable>, name: string, rows: number | null) {
  const table = tables.get(name);
  return table && rows !== null ? { ...table, rows } : null;
}

function untouched(table: string, rows: number): PreviewTable {
  const counts = { added: 0, changed: 0, removed: 0, matchedBy: null, key: [] };
  const sample = { columns: [], rows: [] };
  return {
    table,
    change: "unchanged",
    rowsBefore: rows,
    rowsAfter: rows,
    ...counts,
    schemaChanges: [],
    sample,
  };
}
