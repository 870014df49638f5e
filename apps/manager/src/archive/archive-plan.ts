import { createHash } from "node:crypto";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { ArchivePart, ArchivePlace } from "@teatree/shared/control-db/archive-parts";
import type { ContentRow } from "@teatree/shared/control-db/versions";

export type ArchiveLimits = {
  /** A table whose whole Parquet file is smaller than so many bytes is always one file. */
  partsFromBytes: number;
  mostParts: number;
  /** All that was appended, as a share of the first part's rows. */
  mostAppended: number;
};

export const ARCHIVE_LIMITS: ArchiveLimits = {
  partsFromBytes: 32 * 1024 * 1024,
  mostParts: 64,
  mostAppended: 1 / 4,
};

export type TablePlan =
  | { kind: "whole" }
  /** The rows behind those of the parts at `base` go into a further part. */
  | { kind: "append"; base: ArchivePlace; skip: number }
  /** Nothing was added: the parts of the version before are its own. */
  | { kind: "same"; base: ArchivePlace };

/**
 * How the content of a table that no earlier version has gets into the archive. `before` is the table in the version before, whose
 * archive is complete, and `parts` what it consists of there.
 */
export function planTable(
  row: ContentRow,
  before: ContentRow | undefined,
  parts: ArchivePart[],
  limits: ArchiveLimits,
): TablePlan {
  const [first] = parts;
  if (row.appendedFrom === null || !before || !first) return { kind: "whole" };
  const { archiveSeries, archiveParts } = before;
  const known = parts.reduce((sum, part) => sum + part.rows, 0);
  const isContinued =
    archiveSeries !== null &&
    archiveParts === parts.length &&
    before.schemaHash === row.schemaHash &&
    before.rows === row.appendedFrom &&
    known === row.appendedFrom &&
    row.rows >= known;
  if (!isContinued) return { kind: "whole" };
  const base = { series: archiveSeries, parts: archiveParts };
  if (row.rows === known) return { kind: "same", base };
  const isWorthIt =
    first.bytes >= limits.partsFromBytes &&
    parts.length < limits.mostParts &&
    row.rows - first.rows <= first.rows * limits.mostAppended;
  return isWorthIt ? { kind: "append", base, skip: known } : { kind: "whole" };
}

/**
 * Where a table's Parquet file lies, or the part of it that leaves `skip` rows out. The epoch keeps a manager that lost its lease
 * from ever touching another's objects.
 */
export function archiveKey(
  model: ModelId,
  epoch: number,
  version: number,
  table: string,
  skip: number,
): string {
  const place = skip === 0 ? "" : `.from-${skip}`;
  return `${archiveFolder(model)}e${epoch}/v${version}/${tableSlug(table)}${place}.parquet`;
}

export function archiveFolder(model: ModelId): string {
  return `models/${model}/archive/`;
}

/** Where the record of a version lies. */
export function recordKey(model: ModelId, epoch: number, version: number): string {
  return `${archiveFolder(model)}e${epoch}/v${version}/version.json`;
}

const RECORD_KEY = /\/archive\/e([1-9]\d*)\/v([1-9]\d*)\/version\.json$/;

/** Which version's record a key is that {@link recordKey} made; null for any other text. */
export function recordOfKey(key: string): { epoch: number; version: number } | null {
  const [, epoch, version] = RECORD_KEY.exec(key) ?? [];
  return epoch === undefined ? null : { epoch: Number(epoch), version: Number(version) };
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
