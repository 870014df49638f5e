import { appendJobEvents } from "@teatree/shared/control-db/job-events";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { NatsConnection } from "@teatree/shared/runtime/nats";
import { jobChangedSubject } from "@teatree/shared/subjects";
import type { JobEventOf } from "./job-steps.ts";

/**
 * Records what happened to jobs and wakes their event streams. Never rejects: a job's story must not hold up the job.
 */
export async function tellJobs(
  parts: { pool: Pool; nats: NatsConnection; logger: Logger },
  events: JobEventOf[],
): Promise<void> {
  try {
    await appendJobEvents(parts.pool, events);
    for (const id of new Set(events.map((event) => event.intentId))) {
      parts.nats.publish(jobChangedSubject(id));
    }
  } catch (error) {
    parts.logger.warn({ error, events: events.length }, "job events could not be recorded");
  }
}
