import type { IntentId } from "../contracts/ids.ts";
import type { Db } from "./pool.ts";

export type BegunAttempt = {
  id: IntentId;
  /** Attempts at this intent, this one included. */
  attempts: number;
  cancelRequested: boolean;
};

/**
 * Before the manager runs intents in their order: marks them running and counts the attempt, in one round trip. Only the first
 * can have run before (what is not final stays first), so only its count grows; the others stand at their first attempt.
 * Does not wait for the disk: a count that a crash of PostgreSQL forgets only allows one more attempt.
 * `count` false leaves the counts alone: the attempt before ended through no fault of the intent's. Final intents are left out.
 */
export async function beginAttempt(
  db: Db,
  ids: IntentId[],
  at: Date,
  count: boolean,
): Promise<BegunAttempt[]> {
  const { rows } = await db.query<BegunAttempt>(
    `WITH unhurried AS (
       SELECT set_config('synchronous_commit', 'off', true)
     ), before AS (
       SELECT id, status FROM intent WHERE id = ANY($1) AND status IN ('queued', 'running') FOR UPDATE
     ), begun AS (
       UPDATE intent i
          SET status = 'running', started_at = coalesce(i.started_at, $2),
              attempts = CASE WHEN NOT $4 THEN greatest(i.attempts, 1) WHEN i.id = $3 THEN i.attempts + 1 ELSE 1 END
         FROM before b WHERE b.id = i.id
       RETURNING i.id, i.attempts, i.cancel_requested_at IS NOT NULL AS "cancelRequested"
     ), event AS (
       INSERT INTO job_event (intent_id, at, kind, data)
       SELECT id, $2, 'state', '{"status":"running","version":null}' FROM before WHERE status = 'queued'
     )
     SELECT begun.* FROM begun, unhurried`,
    [ids, at, ids[0], count],
  );
  return rows;
}

/** Takes back the attempt of intents that did not run after all, or not through their own fault. */
export async function takeBackAttempt(db: Db, ids: IntentId[]): Promise<void> {
  await db.query(
    "UPDATE intent SET attempts = greatest(attempts - 1, 0) WHERE id = ANY($1) AND status IN ('queued', 'running')",
    [ids],
  );
}
