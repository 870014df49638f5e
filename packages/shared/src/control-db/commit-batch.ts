import type { JobError } from "../contracts/errors.ts";
import type { IntentId, ModelId } from "../contracts/ids.ts";
import type { JobResult, TableChange } from "../contracts/jobs.ts";
import { jsonText } from "./json-text.ts";
import { type Db, inTransaction, type Pool } from "./pool.ts";
import type { NewContent, VersionRow } from "./versions.ts";

export type NewVersion = Omit<VersionRow, "modelId" | "sha256" | "archivedAt" | "name"> & {
  content: NewContent[];
};

export type IntentOutcome = {
  intentId: IntentId;
  status: "applied" | "failed" | "cancelled";
  /** The version it is readable in; null when it changed nothing. */
  version: number | null;
  finishedAt: Date;
  changes: TableChange[];
  result: JobResult | null;
  error: JobError | null;
};

export type NewNotification = {
  id: string;
  jobId: IntentId;
  version: number | null;
  kind: "applied" | "failed" | "cancelled";
  title: string;
  summary: string;
};

export type BatchCommit = {
  modelId: ModelId;
  epoch: number;
  /** The version the batch was applied to. */
  baseVersion: number;
  /** Sequence of the batch's last intent. */
  position: number;
  /** Null when nothing of the batch changed the model. */
  version: NewVersion | null;
  outcomes: IntentOutcome[];
  notifications: NewNotification[];
};

/**
 * The moment of truth: version, content, outcomes, notifications and position become visible together, guarded by
 * version and epoch. `lost` means that another manager holds the model now, and nothing was written.
 * Calling it again after an unknown outcome is answered `committed` when the first call had committed.
 */
export async function commitBatch(pool: Pool, batch: BatchCommit): Promise<"committed" | "lost"> {
  return inTransaction(pool, async (db) => {
    const nextVersion = batch.version?.version ?? batch.baseVersion;
    const { rowCount } = await db.query(
      `UPDATE goal_model
          SET current_version = $4, position = greatest(position, $5), notify_seq = notify_seq + $6,
              updated_at = CASE WHEN $4 > current_version THEN now() ELSE updated_at END
        WHERE id = $1 AND lease_epoch = $2 AND current_version = $3 AND position < $5`,
      [
        batch.modelId,
        batch.epoch,
        batch.baseVersion,
        nextVersion,
        batch.position,
        batch.notifications.length,
      ],
    );
    if (rowCount !== 1) {
      const { rows } = await db.query<{ done: boolean }>(
        `SELECT lease_epoch = $2 AND current_version = $3 AND position >= $4 AS done FROM goal_model WHERE id = $1`,
        [batch.modelId, batch.epoch, nextVersion, batch.position],
      );
      return rows[0]?.done ? "committed" : "lost";
    }
    await insertEverything(db, batch);
    return "committed";
  });
}

/** The rows of a version that is visible at once, without an intent's outcome. Call it in the transaction that makes it so. */
export async function insertVersion(
  db: Db,
  modelId: ModelId,
  epoch: number,
  version: NewVersion,
): Promise<void> {
  await insertEverything(db, { modelId, epoch, version, outcomes: [], notifications: [] });
}

async function insertEverything(
  db: Db,
  batch: Pick<BatchCommit, "modelId" | "epoch" | "version" | "outcomes" | "notifications">,
): Promise<void> {
  const { version } = batch;
  await db.query(INSERT_EVERYTHING, [
    batch.modelId,
    batch.epoch,
    jsonText(version ? [versionRecord(version)] : []),
    jsonText(version?.content ?? []),
    version?.version ?? null,
    jsonText(batch.outcomes),
    jsonText(batch.notifications),
  ]);
}

function versionRecord(version: NewVersion) {
  const { content: _, intents, packModels, ...record } = version;
  return { ...record, intents: `{${intents.join(",")}}`, packModels: `{${packModels.join(",")}}` };
}

// One statement, so that the moment of truth costs two round trips whatever the size of the batch.
const INSERT_EVERYTHING = `
WITH new_version AS (
  INSERT INTO model_version (model_id, version, parent, created_at, intents, bytes, new_bytes, hash, storage_version,
                             engine_version, lease_epoch, file, pack, pack_bytes, pack_models)
  SELECT $1::uuid, v.version, v.parent, v."createdAt", v.intents::uuid[], v.bytes, v."newBytes", v.hash, v."storageVersion",
         v."engineVersion", $2::bigint, v.file, v.pack, v."packBytes", v."packModels"::uuid[]
    FROM jsonb_to_recordset($3) AS v(version int, parent int, "createdAt" timestamptz, intents text, bytes bigint,
         "newBytes" bigint, hash text, "storageVersion" text, "engineVersion" text, file text, pack text,
         "packBytes" bigint, "packModels" text)
), new_content AS (
  INSERT INTO content_index (model_id, version, table_name, rows, rows_delta, columns, schema_hash, content_hash, changed,
                             written_by, written_version, derived_from, appended_from)
  SELECT $1::uuid, $5::int, c."table", c.rows, c."rowsDelta", c.columns, c."schemaHash", c."contentHash", c.changed,
         c."writtenBy", c."writtenVersion", ARRAY(SELECT jsonb_array_elements_text(c."derivedFrom")),
         c."appendedFrom"
    FROM jsonb_to_recordset($4) AS c("table" text, rows bigint, "rowsDelta" bigint, columns jsonb, "schemaHash" text,
         "contentHash" text, changed boolean, "writtenBy" uuid, "writtenVersion" int, "derivedFrom" jsonb, "appendedFrom" bigint)
), outcome AS (
  UPDATE intent i
     SET status = o.status, version = o.version, finished_at = o."finishedAt", changes = o.changes, result = o.result,
         error = o.error, progress = CASE WHEN o.status = 'applied' THEN 1 ELSE i.progress END,
         started_at = coalesce(i.started_at, o."finishedAt")
    FROM jsonb_to_recordset($6) AS o("intentId" uuid, status text, version int, "finishedAt" timestamptz, changes jsonb,
         result jsonb, error jsonb)
   WHERE i.id = o."intentId"
), outcome_event AS (
  INSERT INTO job_event (intent_id, at, kind, data)
  SELECT o."intentId", o."finishedAt", 'state', jsonb_build_object('status', o.status, 'version', o.version)
    FROM jsonb_to_recordset($6) AS o("intentId" uuid, status text, version int, "finishedAt" timestamptz)
)
INSERT INTO notification (id, model_id, seq, job_id, version, kind, title, summary)
SELECT n.id, $1::uuid, m.notify_seq - jsonb_array_length($7) + n.ordinal, n."jobId", n.version, n.kind, n.title, n.summary
  FROM ROWS FROM (jsonb_to_recordset($7) AS (id uuid, "jobId" uuid, version int, kind text, title text, summary text))
       WITH ORDINALITY AS n(id, "jobId", version, kind, title, summary, ordinal)
  JOIN goal_model m ON m.id = $1::uuid`;
