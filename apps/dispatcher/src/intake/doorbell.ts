import { setTimeout as delay } from "node:timers/promises";
import { type ConsumerMessages, DeliverPolicy, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { ModelId } from "@teatree/shared/contracts/ids";
import type { Logger } from "@teatree/shared/runtime/logger";
import { INTENT_STREAM } from "@teatree/shared/subjects";

export interface Doorbell {
  /** Listen anew: the stream was made again. */
  rehang(): void;
}

/**
 * Rings for each intent that the stream has stored, for all models, until the signal aborts. One ephemeral ordered
 * consumer of headers: it may miss a ring (a reconnect, a lost server), which is why it calls `onRehung` each time it
 * begins to listen, and why a sweep of PostgreSQL stands behind it.
 */
export function hangDoorbell(
  connection: NatsConnection,
  options: {
    onRing: (modelId: ModelId) => void;
    onRehung: () => void;
    logger: Logger;
    signal: AbortSignal;
  },
): Doorbell {
  const { logger, signal } = options;
  let current: ConsumerMessages | undefined;

  async function listen(): Promise<void> {
    const consumer = await jetstream(connection, { timeout: 3_000 }).consumers.get(INTENT_STREAM, {
      deliver_policy: DeliverPolicy.New,
      headers_only: true,
      inactive_threshold: 60_000_000_000,
    });
    const messages = await consumer.consume({ max_messages: 1_000 });
    current = messages;
    options.onRehung();
    for await (const message of messages) {
      const modelId = ModelId.safeParse(message.subject.split(".").at(-1));
      if (modelId.success) options.onRing(modelId.data);
    }
  }

  async function listenForEver(): Promise<void> {
    while (!signal.aborted) {
      try {
        await listen();
      } catch (error) {
        if (!signal.aborted) logger.warn({ error }, "doorbell fell silent, hanging it again");
      }
      if (!signal.aborted) await delay(250);
    }
  }

  const rehang = () => current?.stop();
  signal.addEventListener("abort", rehang, { once: true });
  void listenForEver();
  return { rehang };
}
