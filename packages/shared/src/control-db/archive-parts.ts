import type { ModelId } from "../contracts/ids.ts";
import type { Db } from "./pool.ts";

/** One Parquet file of a table. The parts of a table hold its rows one after the other. */
export type ArchivePart = {
  table: string;
  /** From 1. */
  part: number;
  /** The version it was written for. */
  version: number;
  key: string;
  rows: number;
  bytes: number;
  sha256: string;
};

/** The first `parts` of a series. */
export type ArchivePlace = { series: number; parts: number };

/** What of a version is in the archive, by table and part. */
export async function archivePartsOf(db: Db, modelId: ModelId, version: number): Promise<ArchivePart[]> {
  const { rows } = await db.query<ArchivePart>(
    `SELECT c.table_name AS "table", p.ordinal AS part, p.version, p.key, p.rows, p.bytes, p.sha256
       FROM content_index c JOIN archive_part p ON p.series = c.archive_series AND p.ordinal <= c.archive_parts
      WHERE c.model_id = $1 AND c.version = $2 ORDER BY c.table_name, p.ordinal`,
    [modelId, version],
  );
  return rows;
}

/**
 * Lets the tables of a version that an earlier one holds just so name the same parts. Only of versions that are kept, and of the
 * one before, whose files nobody collects while this one waits.
 */
export async function takeArchivedTables(db: Db, modelId: ModelId, version: number): Promise<void> {
  await db.query(
    // The lock makes a removal of that version wait until its parts are named here.
    `UPDATE content_index c SET archive_series = known.archive_series, archive_parts = known.archive_parts
       FROM (SELECT t.table_name, earlier.archive_series, earlier.archive_parts
               FROM content_index t
              CROSS JOIN LATERAL (
                SELECT e.archive_series, e.archive_parts
                  FROM content_index e JOIN model_version v ON v.model_id = e.model_id AND v.version = e.version
                 WHERE e.model_id = t.model_id AND e.table_name = t.table_name AND e.version < t.version
                   AND e.content_hash = t.content_hash AND e.schema_hash = t.schema_hash AND e.rows = t.rows
                   AND e.archive_series IS NOT NULL AND (v.removed_at IS NULL OR e.version = t.version - 1)
                 ORDER BY e.version DESC LIMIT 1 FOR SHARE OF v) earlier
              WHERE t.model_id = $1 AND t.version = $2 AND t.archive_series IS NULL) known
      WHERE c.model_id = $1 AND c.version = $2 AND c.table_name = known.table_name`,
    [modelId, version],
  );
}

/** Says that a table consists of the parts at `base`, if any, and a new one behind them. */
export async function addArchivePart(
  db: Db,
  modelId: ModelId,
  version: number,
  { table, key, rows, bytes, sha256 }: Omit<ArchivePart, "part" | "version">,
  base: ArchivePlace | null = null,
): Promise<void> {
  await db.query(
    `WITH target AS (
       SELECT CASE WHEN b.series IS NULL
                     OR EXISTS (SELECT FROM archive_part p WHERE p.series = b.series AND p.ordinal > b.parts)
                   THEN nextval('archive_series') ELSE b.series END AS series, b.series AS base, b.parts
         FROM (SELECT $4::bigint AS series, $5::int AS parts) b
     ), branched AS (
       INSERT INTO archive_part (series, ordinal, model_id, version, key, rows, bytes, sha256)
       SELECT t.series, p.ordinal, p.model_id, p.version, p.key, p.rows, p.bytes, p.sha256
         FROM target t JOIN archive_part p ON p.series = t.base AND p.ordinal <= t.parts
        WHERE t.series <> t.base
     ), added AS (
       INSERT INTO archive_part (series, ordinal, model_id, version, key, rows, bytes, sha256)
       SELECT t.series, t.parts + 1, $1, $2, $6, $7, $8, $9 FROM target t
     )
     UPDATE content_index c SET archive_series = t.series, archive_parts = t.parts + 1 FROM target t
      WHERE c.model_id = $1 AND c.version = $2 AND c.table_name = $3`,
    [modelId, version, table, base?.series ?? null, base?.parts ?? 0, key, rows, bytes, sha256],
  );
}

/** Says that a table consists of the parts at `place`. */
export async function setArchivePlace(
  db: Db,
  modelId: ModelId,
  version: number,
  table: string,
  { series, parts }: ArchivePlace,
): Promise<void> {
  await db.query(
    `UPDATE content_index SET archive_series = $4, archive_parts = $5
      WHERE model_id = $1 AND version = $2 AND table_name = $3`,
    [modelId, version, table, series, parts],
  );
}

/** Says that the version can be rebuilt from the object store alone, and moves `archived_version` up. */
export async function markArchived(
  db: Db,
  modelId: ModelId,
  version: number,
  record: { key: string; bytes: number } | null,
): Promise<void> {
  await db.query(
    `WITH marked AS (
       UPDATE model_version SET archived_at = now(), archive_record = $3, archive_record_bytes = $4
        WHERE model_id = $1 AND version = $2)
     UPDATE goal_model SET archived_version = greatest(archived_version, $2) WHERE id = $1`,
    [modelId, version, record?.key ?? null, record?.bytes ?? null],
  );
}
