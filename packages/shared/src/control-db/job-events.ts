import type { IntentId } from "../contracts/ids.ts";
import { JobEvent, type Step } from "../contracts/jobs.ts";
import { jsonText } from "./json-text.ts";
import type { Db } from "./pool.ts";

/** Appends what happened to jobs, in order. Written by web (queued), dispatcher and manager. */
export async function appendJobEvents(
  db: Db,
  events: { intentId: IntentId; event: JobEvent }[],
): Promise<void> {
  if (events.length === 0) return;
  const records = events.map(({ intentId, event }) => {
    const { kind, at, ...data } = event;
    return { intentId, at, kind, data };
  });
  await db.query(
    `INSERT INTO job_event (intent_id, at, kind, data)
     SELECT e."intentId", e.at, e.kind, e.data
       FROM ROWS FROM (jsonb_to_recordset($1) AS ("intentId" uuid, at timestamptz, kind text, data jsonb))
            WITH ORDINALITY AS e("intentId", at, kind, data, ordinal) ORDER BY e.ordinal`,
    [jsonText(records)],
  );
}

type EventRecord = { id: number; at: Date; kind: string; data: Record<string, unknown> };

function toEvent(record: EventRecord): { id: number; event: JobEvent } {
  return {
    id: record.id,
    event: JobEvent.parse({ ...record.data, kind: record.kind, at: record.at.toISOString() }),
  };
}

/** Oldest first; `afterId` 0 reads from the beginning. */
export async function jobEventsAfter(
  db: Db,
  intentId: IntentId,
  page: { afterId: number; limit: number },
): Promise<{ id: number; event: JobEvent }[]> {
  const { rows } = await db.query<EventRecord>(
    "SELECT id, at, kind, data FROM job_event WHERE intent_id = $1 AND id > $2 ORDER BY id LIMIT $3",
    [intentId, page.afterId, page.limit],
  );
  return rows.map(toEvent);
}

/** The steps of one job in the order they began; of a step that ran again, the last time counts. */
export async function stepsOf(db: Db, intentId: IntentId): Promise<Step[]> {
  const { rows } = await db.query<EventRecord>(
    "SELECT id, at, kind, data FROM job_event WHERE intent_id = $1 AND kind = 'step' ORDER BY id",
    [intentId],
  );
  const steps = new Map<string, Step>();
  for (const { event } of rows.map(toEvent))
    if (event.kind === "step") steps.set(event.step.name, event.step);
  return [...steps.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}
