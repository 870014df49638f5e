import { TeatreeError } from "@teatree/shared/contracts/errors";
import { failUnreadable } from "@teatree/shared/control-db/intent-stream";
import { markPublished, pendingPublishes } from "@teatree/shared/control-db/outbox";
import type { Pool } from "@teatree/shared/control-db/pool";
import { publishIntent } from "@teatree/shared/runtime/intent-publish";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { NatsConnection } from "@teatree/shared/runtime/nats";
import { messageOf } from "./queued-message.ts";

const UNREADABLE = "The recorded request cannot be read by this release.";
const OLD_MS = 1_000;
const AT_ONCE = 200;

type Pending = Awaited<ReturnType<typeof pendingPublishes>>[number];

interface RelayParts {
  pool: Pool;
  nats: NatsConnection;
  logger: Logger;
}

/**
 * Publishes what web recorded but did not get into the stream, in the order it was recorded. Stops at the first that
 * the stream does not take now, so that none overtakes it; one that it would never take ends as `failed`. Says how
 * many left the outbox. The id of each makes a second publish harmless.
 */
export async function relayOutbox(parts: RelayParts): Promise<number> {
  const pending = await pendingPublishes(parts.pool, { olderThanMs: OLD_MS, limit: AT_ONCE });
  const published: { intentId: Pending["id"]; sequence: number }[] = [];
  try {
    for (const row of pending) published.push({ intentId: row.id, sequence: await relay(parts, row) });
  } finally {
    if (published.length > 0) {
      await markPublished(parts.pool, published);
      parts.logger.info({ published: published.length }, "outbox relayed");
    }
  }
  return published.length;
}

/** The intent's sequence; 0 when it needs no place in the stream any more. */
async function relay({ pool, nats, logger }: RelayParts, row: Pending): Promise<number> {
  const message = messageOf(row);
  try {
    if (message === undefined) throw new TeatreeError("invalid_arguments", UNREADABLE);
    return (await publishIntent(nats, message, { traceparent: row.traceparent })).sequence;
  } catch (error) {
    if (!(error instanceof TeatreeError) || error.code !== "invalid_arguments") throw error;
    logger.error({ error, intentId: row.id }, "recorded intent can never be published");
    await failUnreadable(pool, row.id, { code: "internal", message: error.message });
    return 0;
  }
}
