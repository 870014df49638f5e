import { TeatreeError } from "../contracts/errors.ts";
import type { IntentId, ModelId } from "../contracts/ids.ts";
import type { Column } from "../contracts/models.ts";
import type { Db } from "./pool.ts";
import { wordVersions } from "./version-ranges.ts";

/** A row of `model_version` with its tables from `content_index`. Written by the manager only. */
export type VersionRow = {
  modelId: ModelId;
  version: number;
  parent: number | null;
  createdAt: Date;
  intents: IntentId[];
  bytes: number;
  newBytes: number;
  hash: string;
  sha256: string | null;
  storageVersion: string;
  engineVersion: string;
  /** Its read-only file below the versions folder, when that lies there. */
  file: string;
  /** Key of its pack in the object store. */
  pack: string;
  packBytes: number;
  /** Models whose packs hold blocks of it. */
  packModels: ModelId[];
  archivedAt: Date | null;
  /** Given by people; it keeps the version from being removed. */
  name: string | null;
};

export type ContentRow = {
  version: number;
  table: string;
  rows: number;
  rowsDelta: number;
  columns: Column[];
  schemaHash: string;
  contentHash: string;
  changed: boolean;
  writtenBy: IntentId | null;
  writtenVersion: number;
  derivedFrom: string[];
  /** Rows of the version before, when this one has the same and more behind them; null when that is not known. */
  appendedFrom: number | null;
  /** Where its parts in the archive are; null until the archiver got there. */
  archiveSeries: number | null;
  archiveParts: number | null;
};

/** A content before it is archived. */
export type NewContent = Omit<ContentRow, "version" | "archiveSeries" | "archiveParts">;

const VERSION_COLUMNS = `model_id AS "modelId", version, parent, created_at AS "createdAt", intents, bytes,
  new_bytes AS "newBytes", hash, sha256, storage_version AS "storageVersion", engine_version AS "engineVersion",
  file, pack, pack_bytes AS "packBytes", pack_models AS "packModels", archived_at AS "archivedAt", name`;

const CONTENT_COLUMNS = `version, table_name AS "table", rows, rows_delta AS "rowsDelta", columns,
  schema_hash AS "schemaHash", content_hash AS "contentHash", changed, written_by AS "writtenBy",
  written_version AS "writtenVersion", derived_from AS "derivedFrom", appended_from AS "appendedFrom",
  archive_series AS "archiveSeries", archive_parts AS "archiveParts"`;

/** Those that are kept, newest first; `before` is the last version of the page before. */
export async function listVersions(
  db: Db,
  modelId: ModelId,
  page: { limit: number; before?: number },
): Promise<VersionRow[]> {
  const { rows } = await db.query<VersionRow>(
    `SELECT ${VERSION_COLUMNS} FROM model_version
      WHERE model_id = $1 AND ($2::int IS NULL OR version < $2) AND removed_at IS NULL ORDER BY version DESC LIMIT $3`,
    [modelId, page.before ?? null, page.limit],
  );
  return rows;
}

/** Null when it was never published. Throws `version_removed`, saying since when and which ones are kept. */
export async function findVersion(
  db: Db,
  modelId: ModelId,
  version: number | "latest",
): Promise<VersionRow | null> {
  const { rows } = await db.query<VersionRow & { removedAt: Date | null }>(
    `SELECT ${VERSION_COLUMNS}, removed_at AS "removedAt" FROM model_version
      WHERE model_id = $1
        AND version = coalesce($2::int, (SELECT current_version FROM goal_model WHERE id = $1))`,
    [modelId, version === "latest" ? null : version],
  );
  const [found] = rows;
  if (!found) return null;
  const { removedAt, ...row } = found;
  if (removedAt !== null) throw await versionRemoved(db, row, removedAt);
  return row;
}

async function versionRemoved(db: Db, { modelId, version }: VersionRow, at: Date): Promise<TeatreeError> {
  const kept = await keptVersions(db, modelId);
  const day = at.toISOString().slice(0, 16).replace("T", " ");
  return new TeatreeError(
    "version_removed",
    `Version ${version} was removed on ${day} UTC by the model's retention. Kept: ${wordVersions(kept)}.`,
    { details: { version, removedAt: at.toISOString(), kept } },
  );
}

/** Numbers of the versions that are kept, ascending. */
export async function keptVersions(db: Db, modelId: ModelId): Promise<number[]> {
  const { rows } = await db.query<{ version: number }>(
    "SELECT version FROM model_version WHERE model_id = $1 AND removed_at IS NULL ORDER BY version",
    [modelId],
  );
  return rows.map(({ version }) => version);
}

/** Where the versions that are kept lie, newest first. */
export async function keptPacks(
  db: Db,
  modelId: ModelId,
): Promise<Pick<VersionRow, "version" | "hash" | "pack" | "file">[]> {
  const { rows } = await db.query<Pick<VersionRow, "version" | "hash" | "pack" | "file">>(
    `SELECT version, hash, pack, file FROM model_version
      WHERE model_id = $1 AND removed_at IS NULL ORDER BY version DESC`,
    [modelId],
  );
  return rows;
}

/** Packs and files of all versions, also of removed ones: their packs may hold blocks of others. */
export async function storedVersions(db: Db, modelId: ModelId): Promise<Pick<VersionRow, "pack" | "file">[]> {
  const { rows } = await db.query<Pick<VersionRow, "pack" | "file">>(
    "SELECT pack, file FROM model_version WHERE model_id = $1",
    [modelId],
  );
  return rows;
}

/** The tables of one version, by name. */
export async function contentOf(db: Db, modelId: ModelId, version: number): Promise<ContentRow[]> {
  const { rows } = await db.query<ContentRow>(
    `SELECT ${CONTENT_COLUMNS} FROM content_index WHERE model_id = $1 AND version = $2 ORDER BY table_name`,
    [modelId, version],
  );
  return rows;
}

/** The tables of several versions of one model in one round trip. */
export async function contentOfVersions(db: Db, modelId: ModelId, versions: number[]): Promise<ContentRow[]> {
  const { rows } = await db.query<ContentRow>(
    `SELECT ${CONTENT_COLUMNS} FROM content_index
      WHERE model_id = $1 AND version = ANY($2) ORDER BY version DESC, table_name`,
    [modelId, versions],
  );
  return rows;
}

export async function setSha256(db: Db, modelId: ModelId, version: number, sha256: string): Promise<void> {
  await db.query("UPDATE model_version SET sha256 = $3 WHERE model_id = $1 AND version = $2", [
    modelId,
    version,
    sha256,
  ]);
}
