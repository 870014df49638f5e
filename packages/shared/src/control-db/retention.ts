import { TeatreeError } from "../contracts/errors.ts";
import type { ModelId } from "../contracts/ids.ts";
import type { Retention } from "../contracts/retention.ts";
import { type Db, sqlState, UNIQUE_VIOLATION } from "./pool.ts";

/** Throws `model_not_found`. */
export async function retentionOf(db: Db, modelId: ModelId): Promise<Retention> {
  const { rows } = await db.query<Retention>(
    `SELECT keep_last AS "keepLast", keep_days AS "keepDays", grace_minutes AS "graceMinutes"
       FROM goal_model WHERE id = $1`,
    [modelId],
  );
  if (rows[0]) return rows[0];
  throw new TeatreeError("model_not_found", `There is no model ${modelId}.`, { details: { model: modelId } });
}

/** Written by web only. */
export async function setRetention(db: Db, modelId: ModelId, retention: Retention): Promise<void> {
  const { keepLast, keepDays, graceMinutes } = retention;
  await db.query("UPDATE goal_model SET keep_last = $2, keep_days = $3, grace_minutes = $4 WHERE id = $1", [
    modelId,
    keepLast,
    keepDays,
    graceMinutes,
  ]);
}

/**
 * Gives a version a name or takes it away; written by web only. False when there is no such version among those that are kept.
 * Throws `version_name_taken`.
 */
export async function setVersionName(
  db: Db,
  modelId: ModelId,
  version: number,
  name: string | null,
): Promise<boolean> {
  try {
    const { rowCount } = await db.query(
      "UPDATE model_version SET name = $3 WHERE model_id = $1 AND version = $2 AND removed_at IS NULL",
      [modelId, version, name],
    );
    return rowCount === 1;
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    throw new TeatreeError("version_name_taken", `Another version is named “${name}”. Choose another name.`, {
      details: { name },
      cause: error,
    });
  }
}

/** Where a model's retention stands, by the database's clock. */
export type RetentionState = Retention & {
  now: Date;
  leaseEpoch: number;
  currentVersion: number;
  archivedVersion: number;
};

/** Null when there is no such model. */
export async function retentionState(db: Db, modelId: ModelId): Promise<RetentionState | null> {
  const { rows } = await db.query<RetentionState>(
    `SELECT keep_last AS "keepLast", keep_days AS "keepDays", grace_minutes AS "graceMinutes",
            clock_timestamp() AS now, lease_epoch AS "leaseEpoch", current_version AS "currentVersion",
            archived_version AS "archivedVersion"
       FROM goal_model WHERE id = $1`,
    [modelId],
  );
  return rows[0] ?? null;
}

/** Whether a collection may find something by itself: a policy says what goes, or something was removed before. */
export async function wantsCollection(db: Db, modelId: ModelId): Promise<boolean> {
  const { rows } = await db.query<{ wanted: boolean }>(
    `SELECT keep_last IS NOT NULL OR keep_days IS NOT NULL OR EXISTS (
              SELECT FROM model_version WHERE model_id = $1 AND removed_at IS NOT NULL AND collected_at IS NULL) AS wanted
       FROM goal_model WHERE id = $1`,
    [modelId],
  );
  return rows[0]?.wanted ?? false;
}

/** A version as its model's retention sees it. */
export type RetainedVersion = {
  version: number;
  pack: string;
  packBytes: number;
  file: string;
  name: string | null;
  /** When the next version took its place; null for the current one. */
  supersededAt: Date | null;
  removedAt: Date | null;
  /** Removed, and its grace period is over. */
  isOver: boolean;
  /** Nothing of its pack is left. */
  isCollected: boolean;
  /** An intent that is queued or running names it. */
  isAskedFor: boolean;
};

// Versions that open intents name by number: to restore or fork their own model, or to read another one.
const ASKED_FOR = `
  SELECT i.model_id, (i.args->>'version')::int AS version FROM intent i
   WHERE i.status IN ('queued', 'running') AND i.function IN ('restore', 'fork')
     AND jsonb_typeof(i.args->'version') = 'number'
  UNION ALL
  SELECT m.id, (r.value->>'version')::int FROM intent i
   CROSS JOIN LATERAL jsonb_each(CASE WHEN jsonb_typeof(i.args->'reads') = 'object' THEN i.args->'reads' ELSE '{}' END) r
    JOIN goal_model m ON m.name = r.value->>'model' OR m.id::text = lower(r.value->>'model')
   WHERE i.status IN ('queued', 'running') AND jsonb_typeof(r.value->'version') = 'number'`;

/** Every version of a model, also the removed ones, ascending. */
export async function retainedVersions(db: Db, modelId: ModelId): Promise<RetainedVersion[]> {
  const { rows } = await db.query<RetainedVersion>(
    `WITH asked_for AS (${ASKED_FOR})
     SELECT v.version, v.pack, v.pack_bytes AS "packBytes", v.file, v.name,
            lead(v.created_at) OVER (ORDER BY v.version) AS "supersededAt", v.removed_at AS "removedAt",
            coalesce(v.removed_at + m.grace_minutes * interval '1 minute' <= clock_timestamp(), false) AS "isOver",
            v.collected_at IS NOT NULL AS "isCollected",
            EXISTS (SELECT FROM asked_for a WHERE a.model_id = v.model_id AND a.version = v.version) AS "isAskedFor"
       FROM model_version v JOIN goal_model m ON m.id = v.model_id
      WHERE v.model_id = $1 ORDER BY v.version`,
    [modelId],
  );
  return rows;
}

/**
 * Removes versions for everybody who asks; their bytes stay for now. Guarded by the epoch, and once more by what keeps a version:
 * one that was named or asked for meanwhile stays. Gives those that were removed, ascending.
 */
export async function markRemoved(
  db: Db,
  modelId: ModelId,
  epoch: number,
  versions: number[],
): Promise<number[]> {
  if (versions.length === 0) return [];
  const { rows } = await db.query<{ version: number }>(
    `WITH asked_for AS (${ASKED_FOR})
     UPDATE model_version v SET removed_at = clock_timestamp() FROM goal_model m
      WHERE m.id = $1 AND m.lease_epoch = $2 AND v.model_id = m.id AND v.version = ANY($3)
        AND v.version < m.current_version AND v.removed_at IS NULL AND v.name IS NULL
        AND NOT EXISTS (SELECT FROM asked_for a WHERE a.model_id = v.model_id AND a.version = v.version)
      RETURNING v.version`,
    [modelId, epoch, versions],
  );
  return rows.map(({ version }) => version).sort((a, b) => a - b);
}

/** A version of any model that may be made of blocks in a model's packs. */
export type NamingVersion = {
  pack: string;
  /** Removed; its grace period lasts. */
  isWaiting: boolean;
};

/** Those whose blocks must stay: kept ones, and removed ones whose own model's grace period lasts. */
export async function namingVersions(db: Db, modelId: ModelId): Promise<NamingVersion[]> {
  const { rows } = await db.query<NamingVersion>(
    `SELECT v.pack, v.removed_at IS NOT NULL AS "isWaiting"
       FROM model_version v JOIN goal_model m ON m.id = v.model_id
      WHERE (v.model_id = $1 OR v.pack_models @> ARRAY[$1::uuid])
        AND (v.removed_at IS NULL OR v.removed_at + m.grace_minutes * interval '1 minute' > clock_timestamp())`,
    [modelId],
  );
  return rows;
}

/** Notes what is left of a version's pack; 0 when nothing is. */
export async function setPackBytes(db: Db, modelId: ModelId, pack: string, bytes: number): Promise<void> {
  await db.query(
    `UPDATE model_version
        SET pack_bytes = $3::bigint, collected_at = CASE WHEN $3::bigint = 0 THEN coalesce(collected_at, clock_timestamp()) END
      WHERE model_id = $1 AND pack = $2`,
    [modelId, pack, bytes],
  );
}

export type UnnamedArchiveFile = { key: string; bytes: number };

/**
 * Archive files, parts and records, that only removed versions name whose grace period is over. A version that waits for its archive
 * may still take over the files of the one before it, the last archived one, so that one's files stay.
 */
export async function unnamedArchiveFiles(db: Db, modelId: ModelId): Promise<UnnamedArchiveFile[]> {
  const { rows } = await db.query<UnnamedArchiveFile>(
    `WITH over AS (
       SELECT v.version FROM model_version v JOIN goal_model m ON m.id = v.model_id
        WHERE v.model_id = $1 AND v.version < m.archived_version
          AND v.removed_at + m.grace_minutes * interval '1 minute' <= clock_timestamp())
     SELECT p.key, max(p.bytes) AS bytes
       FROM content_index c JOIN over ON over.version = c.version
       JOIN archive_part p ON p.series = c.archive_series AND p.ordinal <= c.archive_parts
      WHERE c.model_id = $1
        AND NOT EXISTS (
          SELECT FROM archive_part same
            JOIN content_index other ON other.archive_series = same.series AND other.archive_parts >= same.ordinal
           WHERE same.key = p.key AND NOT (other.model_id = $1 AND other.version IN (SELECT version FROM over)))
      GROUP BY p.key
     UNION ALL
     SELECT v.archive_record, coalesce(v.archive_record_bytes, 0)
       FROM model_version v JOIN over ON over.version = v.version
      WHERE v.model_id = $1 AND v.archive_record IS NOT NULL`,
    [modelId],
  );
  return rows;
}

/** The archive file is gone. */
export async function forgetArchiveFile(db: Db, modelId: ModelId, key: string): Promise<void> {
  await db.query(
    `WITH record AS (
       UPDATE model_version SET archive_record = NULL, archive_record_bytes = NULL
        WHERE model_id = $1 AND archive_record = $2
     ), gone AS (
       DELETE FROM archive_part WHERE model_id = $1 AND key = $2 RETURNING series, ordinal
     )
     UPDATE content_index c SET archive_series = NULL, archive_parts = NULL FROM gone
      WHERE c.archive_series = gone.series AND c.archive_parts >= gone.ordinal`,
    [modelId, key],
  );
}
