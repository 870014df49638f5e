import type { ModelId } from "@teatree/shared/contracts/ids";
import type { BatchItem } from "@teatree/shared/contracts/manager-api";
import { failUnreadable, recordedStatuses } from "@teatree/shared/control-db/intent-stream";
import { intentById } from "@teatree/shared/control-db/intents";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { fateOf } from "./decide.ts";
import type { IntentReader } from "./intent-reader.ts";
import { claimedIntent, messageOf, parseMessage, type StoredMessage } from "./queued-message.ts";

export interface ReadRound {
  /** Highest sequence read; null: nothing waits. */
  lastRead: number | null;
  /** For the manager, in order. */
  items: BatchItem[];
}

/** Reads what waits behind a sequence and sorts out what no manager can or may run. */
export async function readRound(
  parts: { pool: Pool; reader: IntentReader; logger: Logger },
  modelId: ModelId,
  behind: number,
): Promise<ReadRound> {
  const messages = await parts.reader.read(modelId, behind);
  const read = messages.map((message) => {
    const intent = parseMessage(message, modelId);
    return { message, intent, intentId: intent?.intentId ?? claimedIntent(message) };
  });
  const ids = read.flatMap(({ intentId }) => (intentId === undefined ? [] : [intentId]));
  const statuses = ids.length === 0 ? new Map() : await recordedStatuses(parts.pool, modelId, ids);
  const items: BatchItem[] = [];
  for (const { message, intent, intentId } of read) {
    const { sequence, traceparent } = message;
    const status = intentId === undefined ? undefined : statuses.get(intentId);
    const fate = fateOf({ sequence, traceparent, intent, intentId, status });
    if (fate.what === "send") items.push(fate.item);
    else if (fate.what === "skip")
      parts.logger.warn({ modelId, sequence, why: fate.why }, "message passed over");
    else {
      const restored = await restore(parts, message, fate.intentId);
      if (restored !== null) items.push(restored);
    }
  }
  return { lastRead: messages.at(-1)?.sequence ?? null, items };
}

async function restore(
  parts: { pool: Pool; logger: Logger },
  { sequence, traceparent }: StoredMessage,
  intentId: BatchItem["intent"]["intentId"],
): Promise<BatchItem | null> {
  parts.logger.error({ intentId, sequence }, "unreadable message of a waiting job");
  const row = await intentById(parts.pool, intentId);
  const intent = row === null ? undefined : messageOf(row);
  if (intent !== undefined) {
    return { sequence, intent, ...(traceparent === undefined ? {} : { traceparent }) };
  }
  await failUnreadable(parts.pool, intentId, {
    code: "internal",
    message: "The recorded request cannot be read by this release.",
  });
  return null;
}
