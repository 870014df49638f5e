import type { NatsConnection } from "@nats-io/transport-node";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import type { QueuedIntent } from "@teatree/shared/contracts/manager-api";
import type { LiveNotification } from "@teatree/shared/contracts/notifications";
import { type PublishedIntent, publishIntent } from "@teatree/shared/runtime/intent-publish";
import { ensureIntentStream } from "@teatree/shared/runtime/intent-stream";
import type { Logger } from "@teatree/shared/runtime/logger";
import { type ConnectionWatch, connectNats, watchConnection } from "@teatree/shared/runtime/nats";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import {
  DISPATCHER_PING_SUBJECT,
  ENSURE_MANAGER_SUBJECT,
  EnsuredManager,
  JOB_CHANGED_SUBJECTS,
  jobChangedSubject,
  notifySubject,
} from "@teatree/shared/subjects";
import { createCatchUp } from "./catch-up.ts";

export type Queue = ReturnType<typeof createQueue>;

const PUBLISH_TIMEOUT_MS = 1_500;

type Options = {
  url: string;
  logger: Logger;
  signal: AbortSignal;
  /** Called once for the first connection, for what subscribes on it. */
  onConnection?: (connection: NatsConnection) => void;
};

/**
 * The web server's side of NATS. It comes up with the server away and connects when it is there: what must not be lost
 * lies in PostgreSQL first.
 */
export function createQueue({ url, logger, signal, onConnection }: Options) {
  let connection: NatsConnection | undefined;
  let watch: ConnectionWatch | undefined;
  const listeners = new Map<string, Set<() => void>>();

  const connecting = connectForEver().catch((error: unknown) => {
    if (!signal.aborted) logger.error({ error }, "NATS cannot be used");
  });

  async function connectForEver(): Promise<void> {
    const onRetry = (error: unknown, attempt: number) => {
      if (attempt === 1) logger.warn({ error }, "NATS is away, trying again");
    };
    const table = RETRIES.background;
    const opened = await retry(table, () => connectNats(url, "teatree-web"), { signal, onRetry });
    connection = opened;
    opened.subscribe(JOB_CHANGED_SUBJECTS, { callback: (_error, message) => wake(message.subject) });
    onConnection?.(opened);
    // Not connected before nats-server knows who answers for browsers: they give up after two refusals.
    await retry(table, () => opened.flush(), { signal, onRetry });
    watch = watchConnection(opened, wakeAll);
    await retry(table, () => ensureIntentStream(opened), { signal, onRetry });
  }

  function wake(subject: string): void {
    for (const listener of listeners.get(subject) ?? []) listener();
  }
  // What was said while the connection was away is lost: everybody looks again.
  function wakeAll(): void {
    for (const subject of listeners.keys()) wake(subject);
  }

  const connected = () => watch?.connected() ?? false;

  function live(): NatsConnection {
    if (connection === undefined || !connected()) {
      throw new TeatreeError("unavailable", "The queue is not reachable right now.");
    }
    return connection;
  }

  async function ensureManager(modelId: ModelId, timeoutMs: number) {
    const message = await live().request(ENSURE_MANAGER_SUBJECT, JSON.stringify({ modelId }), {
      timeout: timeoutMs,
    });
    const answer = EnsuredManager.parse(message.json());
    if ("error" in answer) throw new TeatreeError("manager_unavailable", answer.error);
    return answer;
  }

  return {
    connected,
    catchUp: createCatchUp(),
    ensureManager,
    /** Throws `unavailable`; the outbox keeps the intent then, and the dispatcher's sweep publishes it. */
    publish: async (intent: QueuedIntent, traceparent: string | null): Promise<PublishedIntent> =>
      publishIntent(live(), intent, { traceparent, timeoutMs: PUBLISH_TIMEOUT_MS }),
    pingDispatcher: async (timeoutMs: number) => {
      await live().request(DISPATCHER_PING_SUBJECT, undefined, { timeout: timeoutMs });
    },
    /** Rejects unless the server answers. */
    check: async () => {
      await live().flush();
    },
    announceJobChange(job: IntentId): void {
      if (connected()) connection?.publish(jobChangedSubject(job));
    },
    publishNotification(notification: LiveNotification): void {
      live().publish(notifySubject(notification.modelId), JSON.stringify(notification));
    },
    /** Calls `listener` whenever somebody says that the job changed; gives a function that ends it. */
    onJobChange(job: IntentId, listener: () => void): () => void {
      const subject = jobChangedSubject(job);
      const set = listeners.get(subject) ?? new Set();
      listeners.set(subject, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(subject);
      };
    },
    async close(): Promise<void> {
      await connecting;
      await connection?.close();
    },
  };
}
