import type { PreviewTable } from "@teatree/shared/contracts/preview";
import { sqlError } from "../gate/errors.ts";
import { type ApplyHooks, applyItem } from "./apply.ts";
import type { CatalogTable } from "./catalog.ts";
import { quoteText, rowsOf } from "./engine.ts";
import type { LiveModel } from "./live-model.ts";
import type { PreviewAnswer, PreviewCall } from "./preview-call.ts";
import { type Comparison, previewTable, uncountedTable } from "./preview-rows.ts";
import { stopAfter } from "./stopping.ts";

/** The catalog of the file as it was. */
const BEFORE = "teatree_before";
/** Of all sample rows together. */
const SAMPLE_BYTES = 2_000_000;

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
      before: state(tablesBefore, table, were),
      after: state(tablesAfter, table, are),
      isSameTable: known.get(table) === ids.get(table),
      isAppended: outcome.appended?.includes(table) === true,
      catalogs: { before: BEFORE, after: "model" },
      sampleRows: limits.sampleRows,
    };
    const isSmall = Math.max(were ?? 0, are ?? 0) <= limits.comparedRows;
    const mayLook = isSmall || comparison.isAppended || were === null || are === null;
    tables.push(await comparedInTime(model, comparison, mayLook ? end : 0));
  }
  for (const [table, rows] of rowsBefore) {
    if (!tables.some((known) => known.table === table)) tables.push(untouched(table, rows));
  }
  trimSamples(tables);
  tables.sort((a, b) => Number(a.change === "unchanged") - Number(b.change === "unchanged"));
  return { outcome, tables, exact: tables.every(({ added }) => added !== null) };
}

/** Rows with values of megabytes must not make an answer that nobody takes. */
function trimSamples(tables: PreviewTable[]): void {
  let left = SAMPLE_BYTES;
  for (const { sample } of tables) {
    sample.rows = sample.rows.filter((row) => {
      const bytes = Buffer.byteLength(JSON.stringify(row));
      if (bytes > left) return false;
      left -= bytes;
      return true;
    });
  }
}

/** Of what cannot be compared in time or memory it is said that it was not counted. */
async function comparedInTime(
  { connection }: LiveModel,
  known: Omit<Comparison, "check">,
  end: number,
): Promise<PreviewTable> {
  const msLeft = end - performance.now();
  const stopping = stopAfter([connection], Math.max(0, msLeft));
  const comparison = { ...known, check: stopping.check };
  try {
    return msLeft > 0 ? await previewTable(connection, comparison) : uncountedTable(comparison);
  } catch (error) {
    if (stopping.reason() === undefined && !NOT_COMPARABLE.has(sqlError(error).code)) throw error;
    return uncountedTable(comparison);
  } finally {
    stopping.end();
  }
}

/** Memory, and names of columns that hide row ids. */
const NOT_COMPARABLE = new Set<string>(["out_of_memory", "invalid_arguments"]);

/** A table that was altered keeps its number, one that took its place has another. */
async function tableIds({ connection }: LiveModel): Promise<Map<string, string>> {
  const found = await rowsOf(
    connection,
    `SELECT table_name, table_oid FROM system.main.duckdb_tables()
     WHERE database_name = 'model' AND schema_name = 'main'`,
  );
  return new Map(found.map(([name, id]) => [String(name), String(id)]));
}

function state(tables: ReadonlyMap<string, CatalogTable>, name: string, rows: number | null) {
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
