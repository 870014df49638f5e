import { failUnreadable } from "@teatree/shared/control-db/intent-stream";
import { markPublished, pendingPublishes } from "@teatree/shared/control-db/outbox";
import type { Pool } from "@teatree/shared/control-db/pool";
import { publishIntent } from "@teatree/shared/runtime/intent-publish";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { NatsConnection } from "@teatree/shared/runtime/nats";
import { messageOf } from "./queued-message.ts";

const OLD_MS = 1_000;
const AT_ONCE = 200;

/**
 * Publishes what web recorded but did not get into the stream, in the order it was recorded. Stops at the first that
 * the stream does not take, so that none overtakes it. Says how many were published. The id of each makes a second
 * publish harmless.
 */
export async function relayOutbox(parts: {
  pool: Pool;
  nats: NatsConnection;
  logger: Logger;
}): Promise<number> {
  const { pool, nats, logger } = parts;
  const pending = await pendingPublishes(pool, { olderThanMs: OLD_MS, limit: AT_ONCE });
  const published: { intentId: (typeof pending)[number]["id"]; sequence: number }[] = [];
  try {
    for (const row of pending) {
      const message = messageOf(row);
      if (message === undefined) {
        await failUnreadable(pool, row.id, {
          code: "internal",
          message: "The recorded request cannot be read by this release.",
        });
        // It needs no place in the stream any more.
        published.push({ intentId: row.id, sequence: 0 });
        continue;
      }
      const { sequence } = await publishIntent(nats, message, { traceparent: row.traceparent });
      published.push({ intentId: row.id, sequence });
    }
  } finally {
    if (published.length > 0) {
      await markPublished(pool, published);
      logger.info({ published: published.length }, "outbox relayed");
    }
  }
  return published.length;
}
