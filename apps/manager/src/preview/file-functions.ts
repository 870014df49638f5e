import type { PreviewTable } from "@teatree/shared/contracts/preview";
import type { ContentRow } from "@teatree/shared/control-db/versions";
import { schemaDifference } from "../writer/schema-difference.ts";

type Content = Pick<ContentRow, "table" | "rows" | "columns" | "schemaHash" | "contentHash">;

/** What a restore would make of the current tables: told from what is known of both versions, without running anything. */
export function previewRestore(current: Content[], restored: Content[]): PreviewTable[] {
  const old = new Map(current.map((row) => [row.table, row]));
  const now = new Map(restored.map((row) => [row.table, row]));
  const tables = [...new Set([...old.keys(), ...now.keys()])].sort();
  const rows = tables.map((table) => restoredTable(table, old.get(table), now.get(table)));
  return rows.toSorted((a, b) => Number(a.change === "unchanged") - Number(b.change === "unchanged"));
}

/** What a function leaves alone. */
export function untouchedTables(current: Content[]): PreviewTable[] {
  return current.map((row) => restoredTable(row.table, row, row));
}

function restoredTable(table: string, was: Content | undefined, is: Content | undefined): PreviewTable {
  const sample = { columns: [], rows: [] };
  const rows = { rowsBefore: was?.rows ?? null, rowsAfter: is?.rows ?? null };
  const made = { table, ...rows, matchedBy: null, key: [], schemaChanges: [], sample };
  if (was === undefined) return { ...made, change: "created", added: is?.rows ?? 0, changed: 0, removed: 0 };
  if (is === undefined) return { ...made, change: "dropped", added: 0, changed: 0, removed: was.rows };
  if (was.contentHash === is.contentHash && was.schemaHash === is.schemaHash) {
    return { ...made, change: "unchanged", added: 0, changed: 0, removed: 0 };
  }
  const schemaChanges = schemaDifference(was.columns, is.columns);
  // Which rows differ stands in neither version's description.
  return { ...made, schemaChanges, change: "changed", added: null, changed: null, removed: null };
}
