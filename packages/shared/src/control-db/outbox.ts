import type { IntentId, ModelId } from "../contracts/ids.ts";
import type { IntentRow } from "./intents.ts";
import type { Db } from "./pool.ts";

/** An intent that is recorded and not known to be in the stream. */
export type PendingPublish = Pick<
  IntentRow,
  "id" | "modelId" | "function" | "args" | "baseVersion" | "submittedBy" | "submittedAt" | "traceparent"
> & { ordinal: number };

/** Of one model or all, oldest first, of at least the given age: younger ones may still be in the hands of who took them. */
export async function pendingPublishes(
  db: Db,
  request: { olderThanMs: number; limit: number; modelId?: ModelId },
): Promise<PendingPublish[]> {
  const { rows } = await db.query<PendingPublish>(
    `SELECT o.ordinal, i.id, i.model_id AS "modelId", i.function, i.args, i.base_version AS "baseVersion",
            i.submitted_by AS "submittedBy", i.submitted_at AS "submittedAt", i.traceparent
       FROM intent_outbox o JOIN intent i ON i.id = o.intent_id
      WHERE o.created_at <= now() - $1 * interval '1 millisecond' AND ($3::uuid IS NULL OR o.model_id = $3)
      ORDER BY o.ordinal LIMIT $2`,
    [request.olderThanMs, request.limit, request.modelId ?? null],
  );
  return rows;
}

/** Call it after the stream acknowledged the message: the outbox row goes, the sequence stays with the intent. */
export async function markPublished(
  db: Db,
  published: { intentId: IntentId; sequence: number }[],
): Promise<void> {
  await db.query(
    `WITH p AS (SELECT * FROM jsonb_to_recordset($1) AS p("intentId" uuid, sequence bigint)), gone AS (
       DELETE FROM intent_outbox o USING p WHERE o.intent_id = p."intentId")
     UPDATE intent i SET stream_sequence = p.sequence FROM p WHERE i.id = p."intentId"`,
    [JSON.stringify(published)],
  );
}
