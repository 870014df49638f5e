import type { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import { LiveNotification } from "@teatree/shared/contracts/notifications";
import {
  markNotificationsPublished,
  type UnpublishedNotification,
  unpublishedNotifications,
} from "@teatree/shared/control-db/notifications";
import type { Db } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { notifySubject } from "@teatree/shared/subjects";
import type { Bus } from "./bus.ts";
import type { Journal } from "./journal.ts";

const PAGE = 200;
const AGAIN_AFTER_MS = 1_000;

export interface Relay {
  /** Publishes what the control database holds unpublished, soon; tries again until it worked. */
  kick(): void;
  stop(): void;
}

/** Hands the model's notifications from the outbox to NATS in the order of their seq. At least once: clients drop doubles. */
export function startRelay(options: {
  db: Db;
  bus: Bus;
  modelId: ModelId;
  journal: Journal;
  logger: Logger;
}): Relay {
  let running = false;
  let wanted = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function publishPage(): Promise<number> {
    const startedAt = new Date();
    const start = performance.now();
    const rows = await unpublishedNotifications(options.db, {
      modelId: options.modelId,
      olderThanMs: 0,
      limit: PAGE,
    });
    if (rows.length === 0) return 0;
    for (const row of rows) options.bus.publish(notifySubject(row.modelId), payloadOf(row));
    await options.bus.flush();
    await markNotificationsPublished(
      options.db,
      rows.map((row) => row.id),
    );
    options.journal.step(jobsOf(rows), {
      name: "notify",
      startedAt: startedAt.toISOString(),
      durationMs: performance.now() - start,
    });
    return rows.length;
  }

  async function run(): Promise<void> {
    running = true;
    try {
      do {
        wanted = false;
        while (!stopped && (await publishPage()) === PAGE);
      } while (wanted && !stopped);
    } catch (error) {
      options.logger.warn({ error }, "notifications wait for the next try");
      if (!stopped) timer = setTimeout(kick, AGAIN_AFTER_MS);
    } finally {
      running = false;
    }
  }

  function kick(): void {
    clearTimeout(timer);
    wanted = true;
    if (!running && !stopped) run();
  }

  return {
    kick,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function jobsOf(rows: UnpublishedNotification[]): IntentId[] {
  return rows.map((row) => row.jobId);
}

function payloadOf(row: UnpublishedNotification): string {
  const { modelName, changes, result, createdAt, ...rest } = row;
  return JSON.stringify(
    LiveNotification.parse({
      ...rest,
      model: modelName,
      createdAt: createdAt.toISOString(),
      readAt: null,
      changes: changes ?? [],
      ...(result ? { result } : {}),
    }),
  );
}
