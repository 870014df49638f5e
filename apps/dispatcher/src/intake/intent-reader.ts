import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { TRACEPARENT_HEADER } from "@teatree/shared/runtime/intent-publish";
import { INTENT_STREAM, intentSubject } from "@teatree/shared/subjects";
import type { StoredMessage } from "./queued-message.ts";

/** What the manager gets at once, at most. The first message always counts, whatever its size. */
const BATCH_LIMITS = { messages: 200, bytes: 4 * 1024 * 1024 } as const;

const READ_TIMEOUT_MS = 5_000;

export interface IntentReader {
  /**
   * The model's next messages behind a sequence, in order. Empty means "none that can be seen now": on a cluster a
   * replica may lag behind. Throws `unavailable`.
   */
  read(modelId: ModelId, behind: number): Promise<StoredMessage[]>;
}

/** Reads by position, without consumer or acks: after a crash acked batches come back in another order. */
export async function openIntentReader(connection: NatsConnection): Promise<IntentReader> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: READ_TIMEOUT_MS });
  return {
    async read(modelId, behind) {
      const found: StoredMessage[] = [];
      const messages = await manager.direct.getBatch(INTENT_STREAM, {
        seq: behind + 1,
        next_by_subj: intentSubject(modelId),
        batch: BATCH_LIMITS.messages,
        max_bytes: BATCH_LIMITS.bytes,
      });
      // A server that dies in the middle says nothing more.
      const silence = setTimeout(() => messages.stop(new Error("no answer in time")), READ_TIMEOUT_MS);
      try {
        for await (const message of messages) {
          found.push({
            sequence: message.seq,
            messageId: message.header.get("Nats-Msg-Id") || undefined,
            traceparent: message.header.get(TRACEPARENT_HEADER) || undefined,
            data: message.data,
          });
        }
      } catch (cause) {
        if (isNoMessage(cause)) return found;
        throw new TeatreeError("unavailable", "The queue cannot be read.", { cause });
      } finally {
        clearTimeout(silence);
      }
      return found;
    },
  };
}

function isNoMessage(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 404;
}
