import { createHash } from "node:crypto";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { ArchivedTable, ContentRow } from "@teatree/shared/control-db/versions";

export type ArchivePlan = {
  /** Unchanged since the parent: the object is there. */
  reused: ArchivedTable[];
  exported: ContentRow[];
};

/** Which tables of a version need a Parquet file of their own. `parent` is the version before, whose archive is complete. */
export function planArchive(tables: ContentRow[], parent: ContentRow[]): ArchivePlan {
  const before = new Map(parent.map((table) => [table.table, table]));
  const plan: ArchivePlan = { reused: [], exported: [] };
  for (const row of tables) {
    const known = archivedTable(row) ?? (row.changed ? null : archivedTable(before.get(row.table)));
    if (known) plan.reused.push(known);
    else plan.exported.push(row);
  }
  return plan;
}

function archivedTable(row: ContentRow | undefined): ArchivedTable | null {
  if (!row || row.archiveKey === null || row.archiveBytes === null || row.archiveSha256 === null) return null;
  return { table: row.table, key: row.archiveKey, bytes: row.archiveBytes, sha256: row.archiveSha256 };
}

/** Where a table's Parquet file lies. The epoch keeps a manager that lost its lease from ever touching another's objects. */
export function archiveKey(model: ModelId, epoch: number, version: number, table: string): string {
  return `models/${model}/archive/e${epoch}/v${version}/${tableSlug(table)}.parquet`;
}

/** A name for any table name that is plain ASCII and differs for different tables. */
export function tableSlug(table: string): string {
  const plain = table
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  if (plain === table) return plain;
  const digest = createHash("sha256").update(table).digest("hex").slice(0, 8);
  return plain === "" ? `table-${digest}` : `${plain}-${digest}`;
}
