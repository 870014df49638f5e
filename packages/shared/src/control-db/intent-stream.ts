import type { JobError } from "../contracts/errors.ts";
import type { IntentId, ModelId } from "../contracts/ids.ts";
import type { JobStatus } from "../contracts/jobs.ts";
import { jsonText } from "./json-text.ts";
import type { Db } from "./pool.ts";

/** What the control database knows about the stream. Written by the dispatcher. */
export type KnownStream = {
  /** The life that positions refer to; null before the first one. */
  remembered: { created: string; firstSequence: number } | null;
  /** The highest sequence that any intent or position ever had; 0 when there is none. */
  highestSequence: number;
};

// Any number, the same in every dispatcher.
const STREAM_LOCK = 7_305_118_443;

/** Held until the transaction ends: two dispatchers that both find the stream lost must not make it twice. */
export async function lockIntentStream(db: Db): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock($1)", [STREAM_LOCK]);
}

export async function knownStream(db: Db): Promise<KnownStream> {
  const { rows } = await db.query<{
    created: string | null;
    firstSequence: number | null;
    highestSequence: number;
  }>(
    `SELECT s.created, s.first_sequence AS "firstSequence",
            greatest((SELECT coalesce(max(position), 0) FROM goal_model),
                     (SELECT coalesce(max(stream_sequence), 0) FROM intent
                       WHERE status IN ('queued', 'running'))) AS "highestSequence"
       FROM (SELECT 1) AS one LEFT JOIN intent_stream s ON true`,
  );
  const row = rows[0];
  const remembered =
    row && row.created !== null && row.firstSequence !== null
      ? { created: row.created, firstSequence: row.firstSequence }
      : null;
  return { remembered, highestSequence: row?.highestSequence ?? 0 };
}

export async function rememberStream(
  db: Db,
  stream: { created: string; firstSequence: number },
): Promise<void> {
  await db.query(
    `INSERT INTO intent_stream (created, first_sequence) VALUES ($1, $2)
     ON CONFLICT ("only") DO UPDATE SET created = $1, first_sequence = $2, noted_at = now()`,
    [stream.created, stream.firstSequence],
  );
}

/**
 * Puts open intents that were published in an earlier life of the stream back into the outbox, ahead of those that
 * were never published, in their old order. Call it inside a transaction. Says how many there were; usually none.
 */
export async function requeueStranded(db: Db, firstSequence: number): Promise<number> {
  const { rows } = await db.query<{ stranded: number }>(
    `SELECT count(*) AS stranded FROM intent i
      WHERE i.status IN ('queued', 'running') AND i.stream_sequence < $1
        AND NOT EXISTS (SELECT 1 FROM intent_outbox o WHERE o.intent_id = i.id)`,
    [firstSequence],
  );
  const stranded = rows[0]?.stranded ?? 0;
  if (stranded === 0) return 0;
  // Two statements: both parts of one would see the rows that the other is about to replace.
  const { rows: waiting } = await db.query<{ intentId: IntentId; modelId: ModelId }>(
    `WITH moved AS (DELETE FROM intent_outbox RETURNING intent_id, ordinal)
     SELECT i.id AS "intentId", i.model_id AS "modelId" FROM intent i LEFT JOIN moved ON moved.intent_id = i.id
      WHERE moved.intent_id IS NOT NULL OR (i.status IN ('queued', 'running') AND i.stream_sequence < $1)
      ORDER BY i.stream_sequence NULLS LAST, moved.ordinal, i.submitted_at, i.id`,
    [firstSequence],
  );
  await db.query(
    `INSERT INTO intent_outbox (intent_id, model_id)
     SELECT w."intentId", w."modelId" FROM ROWS FROM (jsonb_to_recordset($1) AS ("intentId" uuid, "modelId" uuid))
       WITH ORDINALITY AS w("intentId", "modelId", ordinal) ORDER BY w.ordinal
     ON CONFLICT (intent_id) DO NOTHING`,
    [JSON.stringify(waiting)],
  );
  return stranded;
}

/** The status of those intents that were recorded for this model; others have no row and no right to run. */
export async function recordedStatuses(
  db: Db,
  modelId: ModelId,
  ids: string[],
): Promise<Map<string, JobStatus>> {
  const { rows } = await db.query<{ id: string; status: JobStatus }>(
    "SELECT id, status FROM intent WHERE model_id = $1 AND id = ANY($2::uuid[])",
    [modelId, ids],
  );
  return new Map(rows.map((row) => [row.id, row.status]));
}

/** Ends a job whose request nobody can read, so that it does not wait for ever. A final one is left alone. */
export async function failUnreadable(db: Db, intentId: IntentId, error: JobError): Promise<void> {
  await db.query(
    `WITH failed AS (
       UPDATE intent SET status = 'failed', error = $2, finished_at = now()
        WHERE id = $1 AND status IN ('queued', 'running') RETURNING id)
     INSERT INTO job_event (intent_id, at, kind, data)
     SELECT id, now(), 'state', '{"status":"failed","version":null}' FROM failed`,
    [intentId, jsonText(error)],
  );
}
