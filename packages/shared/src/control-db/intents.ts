import type { JobError } from "../contracts/errors.ts";
import type { IntentId, ModelId } from "../contracts/ids.ts";
import type { JobResult, JobStatus, TableChange } from "../contracts/jobs.ts";
import type { Db } from "./pool.ts";

/**
 * A row of `intent`. Recorded by web with its outbox row; started, counted and ended by the manager.
 */
export type IntentRow = {
  id: IntentId;
  modelId: ModelId;
  modelName: string;
  function: string;
  args: Record<string, unknown>;
  contentHash: string;
  baseVersion: number | null;
  status: JobStatus;
  submittedBy: string;
  submittedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  attempts: number;
  version: number | null;
  progress: number | null;
  changes: TableChange[] | null;
  result: JobResult | null;
  error: JobError | null;
  cancelRequestedAt: Date | null;
  notebookId: string | null;
  retryOf: IntentId | null;
  traceparent: string | null;
  streamSequence: number | null;
};

const COLUMNS = `i.id, i.model_id AS "modelId", m.name AS "modelName", i.function, i.args,
  i.content_hash AS "contentHash", i.base_version AS "baseVersion", i.status, i.submitted_by AS "submittedBy",
  i.submitted_at AS "submittedAt", i.started_at AS "startedAt", i.finished_at AS "finishedAt", i.attempts, i.version,
  i.progress, i.changes, i.result, i.error, i.cancel_requested_at AS "cancelRequestedAt",
  i.notebook_id AS "notebookId", i.retry_of AS "retryOf", i.traceparent, i.stream_sequence AS "streamSequence"`;

export type NewIntent = {
  id: IntentId;
  function: string;
  args: Record<string, unknown>;
  contentHash: string;
  baseVersion: number | null;
  notebookId: string | null;
  retryOf: IntentId | null;
  traceparent: string;
};

export type RecordedIntent = {
  id: IntentId;
  /** `new`: recorded now. `same`: it was here already. `conflict`: the id belongs to another content. */
  outcome: "new" | "same" | "conflict";
  status: JobStatus;
};

/**
 * Records intents of one model in the given order, each new one with its outbox row and first event. Call it inside a
 * transaction and roll back when any answer is `conflict`. Several callers with the same id at once end with one row.
 */
export async function recordIntents(
  db: Db,
  request: { modelId: ModelId; submittedBy: string; intents: NewIntent[] },
): Promise<RecordedIntent[]> {
  const { rows } = await db.query<{ id: IntentId }>(
    `WITH recorded AS (
       INSERT INTO intent (id, model_id, function, args, content_hash, base_version, submitted_by, notebook_id, retry_of, traceparent)
       SELECT n.id, $1::uuid, n.function, n.args, n."contentHash", n."baseVersion", $2, n."notebookId", n."retryOf", n.traceparent
         FROM ROWS FROM (jsonb_to_recordset($3) AS (id uuid, function text, args jsonb, "contentHash" text,
              "baseVersion" int, "notebookId" uuid, "retryOf" uuid, traceparent text))
              WITH ORDINALITY AS n(id, function, args, "contentHash", "baseVersion", "notebookId", "retryOf", traceparent, ordinal)
        ORDER BY n.ordinal
       ON CONFLICT (id) DO NOTHING
       RETURNING id
     ), waiting AS (
       INSERT INTO intent_outbox (intent_id, model_id)
       SELECT r.id, $1::uuid FROM recorded r
         JOIN unnest($4::uuid[]) WITH ORDINALITY AS o(id, ordinal) ON o.id = r.id ORDER BY o.ordinal
     ), event AS (
       INSERT INTO job_event (intent_id, at, kind, data)
       SELECT id, now(), 'state', '{"status":"queued","version":null}' FROM recorded
     )
     SELECT id FROM recorded`,
    [
      request.modelId,
      request.submittedBy,
      JSON.stringify(request.intents),
      request.intents.map((intent) => intent.id),
    ],
  );
  const created = new Set(rows.map((row) => row.id));
  const known = await existingIntents(
    db,
    request.intents.filter((intent) => !created.has(intent.id)).map((intent) => intent.id),
  );
  return request.intents.map(({ id, contentHash }) => {
    const before = known.get(id);
    if (!before) return { id, outcome: "new", status: "queued" };
    return { id, outcome: before.contentHash === contentHash ? "same" : "conflict", status: before.status };
  });
}

async function existingIntents(db: Db, ids: IntentId[]) {
  if (ids.length === 0) return new Map<IntentId, { contentHash: string; status: JobStatus }>();
  const { rows } = await db.query<{ id: IntentId; contentHash: string; status: JobStatus }>(
    `SELECT id, content_hash AS "contentHash", status FROM intent WHERE id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function intentById(db: Db, id: IntentId): Promise<IntentRow | null> {
  const { rows } = await db.query<IntentRow>(
    `SELECT ${COLUMNS} FROM intent i JOIN goal_model m ON m.id = i.model_id WHERE i.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

export async function intentsByIds(db: Db, ids: IntentId[]): Promise<IntentRow[]> {
  const { rows } = await db.query<IntentRow>(
    `SELECT ${COLUMNS} FROM intent i JOIN goal_model m ON m.id = i.model_id WHERE i.id = ANY($1)`,
    [ids],
  );
  return rows;
}

export type IntentFilter = {
  modelId?: ModelId;
  statuses?: JobStatus[];
  submittedBy?: string;
  function?: string;
  limit: number;
  /** The last row of the page before. */
  before?: IntentId;
};

/** Newest first. The two indexes on (…, submitted_at, id) keep the first page fast at 100,000 rows. */
export async function listIntents(db: Db, filter: IntentFilter): Promise<IntentRow[]> {
  const { rows } = await db.query<IntentRow>(
    `SELECT ${COLUMNS} FROM intent i JOIN goal_model m ON m.id = i.model_id
      WHERE ($1::uuid IS NULL OR i.model_id = $1) AND ($2::text[] IS NULL OR i.status = ANY($2))
        AND ($3::text IS NULL OR i.submitted_by = $3) AND ($4::text IS NULL OR i.function = $4)
        AND ($5::uuid IS NULL
             OR (i.submitted_at, i.id) < (SELECT b.submitted_at, b.id FROM intent b WHERE b.id = $5))
      ORDER BY i.submitted_at DESC, i.id DESC LIMIT $6`,
    [
      filter.modelId ?? null,
      filter.statuses ?? null,
      filter.submittedBy ?? null,
      filter.function ?? null,
      filter.before ?? null,
      filter.limit,
    ],
  );
  return rows;
}

/** How many open intents of the model come before this one, itself included: 1 is next. */
export async function queuePosition(db: Db, intent: Pick<IntentRow, "id" | "modelId">): Promise<number> {
  const { rows } = await db.query<{ position: number }>(
    `SELECT count(*) AS position FROM intent i, intent self
      WHERE self.id = $2 AND i.model_id = $1 AND i.status = 'queued'
        AND (coalesce(i.stream_sequence, 9223372036854775807), i.submitted_at, i.id)
         <= (coalesce(self.stream_sequence, 9223372036854775807), self.submitted_at, self.id)`,
    [intent.modelId, intent.id],
  );
  return Math.max(1, rows[0]?.position ?? 1);
}

/** Counts an attempt before it is made, and says how many there were before. A final intent is left alone. */
export async function countAttempts(db: Db, ids: IntentId[]): Promise<Map<IntentId, number>> {
  const { rows } = await db.query<{ id: IntentId; before: number }>(
    `UPDATE intent SET attempts = attempts + 1
      WHERE id = ANY($1) AND status IN ('queued', 'running') RETURNING id, attempts - 1 AS before`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.before]));
}

export async function markStarted(db: Db, ids: IntentId[], at: Date): Promise<void> {
  await db.query(
    `WITH started AS (
       UPDATE intent SET status = 'running', started_at = coalesce(started_at, $2)
        WHERE id = ANY($1) AND status = 'queued' RETURNING id)
     INSERT INTO job_event (intent_id, at, kind, data)
     SELECT id, $2, 'state', '{"status":"running","version":null}' FROM started`,
    [ids, at],
  );
}

/** `progress` between 0 and 1. */
export async function setProgress(db: Db, id: IntentId, progress: number): Promise<void> {
  await db.query("UPDATE intent SET progress = $2 WHERE id = $1 AND status = 'running'", [id, progress]);
}

/** False when the job had its final outcome already. */
export async function requestCancel(db: Db, id: IntentId): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE intent SET cancel_requested_at = coalesce(cancel_requested_at, now())
      WHERE id = $1 AND status IN ('queued', 'running')`,
    [id],
  );
  return rowCount === 1;
}

/** Those of the given intents that somebody asked to cancel. */
export async function cancelRequested(db: Db, ids: IntentId[]): Promise<Set<IntentId>> {
  const { rows } = await db.query<{ id: IntentId }>(
    "SELECT id FROM intent WHERE id = ANY($1) AND cancel_requested_at IS NOT NULL",
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** Models with intents that have no final outcome: what the dispatcher's sweep looks after. */
export async function modelsWithOpenIntents(db: Db): Promise<{ modelId: ModelId; open: number }[]> {
  const { rows } = await db.query<{ modelId: ModelId; open: number }>(
    `SELECT model_id AS "modelId", count(*) AS open FROM intent WHERE status IN ('queued', 'running') GROUP BY model_id`,
  );
  return rows;
}
