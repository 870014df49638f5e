import {
  knownStream,
  lockIntentStream,
  rememberStream,
  requeueStranded,
} from "@teatree/shared/control-db/intent-stream";
import { inTransaction, type Pool } from "@teatree/shared/control-db/pool";
import {
  dropIntentStream,
  ensureIntentStream,
  findIntentStream,
} from "@teatree/shared/runtime/intent-stream";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { NatsConnection } from "@teatree/shared/runtime/nats";
import { decideStream } from "./decide-stream.ts";

export interface StreamLife {
  /** True: the stream was made anew, so whoever listens to the old one must listen again. */
  changed: boolean;
}

/**
 * Makes the stream, or mends it when its store was lost, and puts intents that were lost with it back into the outbox.
 * Safe when several dispatchers do it at once. Throws when NATS or PostgreSQL is away.
 */
export async function tendStream(parts: {
  pool: Pool;
  nats: NatsConnection;
  logger: Logger;
}): Promise<StreamLife> {
  const { pool, nats, logger } = parts;
  const known = await knownStream(pool);
  const seen = await findIntentStream(nats);
  const quick = decideStream({ ...known, actual: seen });
  if (quick.what === "keep") {
    await requeue(parts, known.remembered?.firstSequence ?? 1);
    return { changed: false };
  }
  return inTransaction(pool, async (db) => {
    await lockIntentStream(db);
    // Order matters: what is published between the two reads may only make the stream look longer.
    const situation = await knownStream(db);
    const actual = await findIntentStream(nats);
    const step = decideStream({ ...situation, actual });
    if (step.what === "keep") return { changed: true };
    if (step.what === "recreate" && actual !== null) await dropIntentStream(nats);
    const firstSequence = step.what === "recreate" ? step.firstSequence : (actual?.firstSequence ?? 1);
    const stream = await ensureIntentStream(nats, { firstSequence });
    await rememberStream(db, { created: stream.created, firstSequence: stream.firstSequence });
    const republished = await requeueStranded(db, stream.firstSequence);
    const level = situation.remembered === null ? "info" : "warn";
    logger[level](
      { ...step, firstSequence: stream.firstSequence, republished },
      "stream of intents made anew",
    );
    return { changed: true };
  });
}

async function requeue(parts: { pool: Pool; logger: Logger }, firstSequence: number): Promise<void> {
  // A web process may have published into the stream just before it was dropped and said so just after.
  const republished = await inTransaction(parts.pool, (db) => requeueStranded(db, firstSequence));
  if (republished > 0) parts.logger.warn({ republished }, "intents of a lost stream are published again");
}
