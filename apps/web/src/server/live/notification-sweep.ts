import { LiveNotification } from "@teatree/shared/contracts/notifications";
import {
  markNotificationsPublished,
  unpublishedNotifications,
} from "@teatree/shared/control-db/notifications";
import type { WebContext } from "../context.ts";
import { presentLive } from "./present-notification.ts";

const EVERY_MS = 2_000;
/** Younger ones are still in the hands of the manager that wrote them. */
const OLDER_THAN_MS = 3_000;
const LIMIT = 200;

/** Publishes what a manager recorded and could not publish any more. Gives a function that stops the sweeping. */
export function sweepNotifications(context: Pick<WebContext, "pool" | "queue" | "logger">): () => void {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy || !context.queue.connected()) return;
    busy = true;
    await sweep(context).catch((error: unknown) =>
      context.logger.warn({ error }, "sweep of notifications failed"),
    );
    busy = false;
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function sweep({ pool, queue }: Pick<WebContext, "pool" | "queue">): Promise<void> {
  const waiting = await unpublishedNotifications(pool, { olderThanMs: OLDER_THAN_MS, limit: LIMIT });
  if (waiting.length === 0) return;
  for (const row of waiting) queue.publishNotification(LiveNotification.parse(presentLive(row)));
  // Marked only after the server had them all; a second copy does no harm, clients go by seq.
  await queue.check();
  await markNotificationsPublished(
    pool,
    waiting.map(({ id }) => id),
  );
}
