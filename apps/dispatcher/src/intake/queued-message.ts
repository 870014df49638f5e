import { IntentId, type ModelId } from "@teatree/shared/contracts/ids";
import { QueuedIntent } from "@teatree/shared/contracts/manager-api";
import type { IntentRow } from "@teatree/shared/control-db/intents";

/** A message of the stream as it was read, before anybody believed it. */
export interface StoredMessage {
  sequence: number;
  /** The header `Nats-Msg-Id`. */
  messageId: string | undefined;
  traceparent: string | undefined;
  data: Uint8Array;
}

/** The intent in a message of this model's subject; undefined when it holds none, or one of another model. */
export function parseMessage(message: StoredMessage, modelId: ModelId): QueuedIntent | undefined {
  const parsed = QueuedIntent.safeParse(parseJson(message.data));
  if (!parsed.success || parsed.data.modelId !== modelId) return undefined;
  return parsed.data;
}

/** Which intent a message is about, though it cannot be read: what its id header says. */
export function claimedIntent(message: StoredMessage): IntentId | undefined {
  return IntentId.safeParse(message.messageId).data;
}

export type RecordedIntent = Pick<
  IntentRow,
  "id" | "modelId" | "function" | "args" | "baseVersion" | "submittedBy" | "submittedAt"
>;

/** The message of an intent made from its row; undefined when no function takes such arguments (any more). */
export function messageOf(row: RecordedIntent): QueuedIntent | undefined {
  return QueuedIntent.safeParse({
    intentId: row.id,
    modelId: row.modelId,
    call: { function: row.function, args: row.args },
    baseVersion: row.baseVersion,
    submittedBy: row.submittedBy,
    submittedAt: row.submittedAt.toISOString(),
  }).data;
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    return undefined;
  }
}
