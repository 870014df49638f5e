import { JetStreamApiError, jetstream } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { TeatreeError } from "../contracts/errors.ts";
import type { QueuedIntent } from "../contracts/manager-api.ts";
import { INTENT_MESSAGE_LIMIT_BYTES, intentSubject } from "../subjects.ts";

const STREAM_FULL = 10077;
const MESSAGE_TOO_LARGE = 10054;

/** The header that carries the trace from the request to the last step. */
export const TRACEPARENT_HEADER = "traceparent";

export interface PublishedIntent {
  /** Sequence in the stream: the intent's place among those of its model. */
  sequence: number;
  /** The stream had it already. */
  duplicate: boolean;
}

/**
 * Puts an intent into the stream under its id, and resolves when the server has it on disk.
 * Throws `unavailable` when the server does not answer in time (it may have it all the same: publish again
 * with the same id), `disk_full` when the stream is full, `invalid_arguments` when the message is too large.
 */
export async function publishIntent(
  connection: NatsConnection,
  intent: QueuedIntent,
  { traceparent, timeoutMs = 1_500 }: { traceparent?: string | null; timeoutMs?: number } = {},
): Promise<PublishedIntent> {
  const payload = new TextEncoder().encode(JSON.stringify(intent));
  // Headers count as well; 1 KB is ample for ours.
  if (payload.length > INTENT_MESSAGE_LIMIT_BYTES - 1_024) {
    throw new TeatreeError("invalid_arguments", "The intent is too large: send its rows as an upload.");
  }
  const carried = headers();
  if (traceparent !== undefined && traceparent !== null) carried.set(TRACEPARENT_HEADER, traceparent);
  try {
    const ack = await jetstream(connection, { timeout: timeoutMs }).publish(
      intentSubject(intent.modelId),
      payload,
      { msgID: intent.intentId, headers: carried, timeout: timeoutMs, retries: 1 },
    );
    return { sequence: ack.seq, duplicate: ack.duplicate };
  } catch (cause) {
    throw asTeatreeError(cause);
  }
}

function asTeatreeError(cause: unknown): TeatreeError {
  if (cause instanceof JetStreamApiError) {
    if (cause.code === STREAM_FULL) return new TeatreeError("disk_full", "The queue is full.", { cause });
    if (cause.code === MESSAGE_TOO_LARGE) {
      return new TeatreeError("invalid_arguments", "The intent is too large for the queue.", { cause });
    }
  }
  return new TeatreeError("unavailable", "The queue does not answer.", { cause });
}
