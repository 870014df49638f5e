import type { NatsConnection } from "@nats-io/transport-node";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { Logger } from "@teatree/shared/runtime/logger";
import { DISPATCHER_PING_SUBJECT, ENSURE_MANAGER_SUBJECT, EnsureManager } from "@teatree/shared/subjects";
import { managerHealth } from "./manager-calls.ts";
import type { ManagerPool, ReadyManager } from "./manager-pool.ts";

/** One of the dispatchers answers each request. */
const QUEUE_GROUP = "teatree-dispatchers";
const ENSURE_LIMIT_MS = 25_000;

interface RequestParts {
  managers: ManagerPool;
  secret: string;
  logger: Logger;
  signal: AbortSignal;
}

/** Answers "start this model's manager" and "are you there?" until the connection closes. */
export function answerRequests(connection: NatsConnection, parts: RequestParts): void {
  connection.subscribe(DISPATCHER_PING_SUBJECT, {
    queue: QUEUE_GROUP,
    callback: (error, message) => {
      if (error === null) message.respond();
    },
  });
  connection.subscribe(ENSURE_MANAGER_SUBJECT, {
    queue: QUEUE_GROUP,
    callback: (error, message) => {
      if (error !== null) return;
      void answerEnsure(parts, message.data).then((answer) => message.respond(JSON.stringify(answer)));
    },
  });
}

async function answerEnsure(
  parts: RequestParts,
  data: Uint8Array,
): Promise<{ managerUrl: string; readerUrl: string } | { error: string }> {
  try {
    const { modelId } = EnsureManager.parse(JSON.parse(new TextDecoder().decode(data)));
    const { managerUrl, readerUrl } = await ensureAnswering(parts, modelId);
    return { managerUrl, readerUrl };
  } catch (error) {
    parts.logger.warn({ error }, "manager could not be ensured");
    return { error: error instanceof Error ? error.message : "unknown reason" };
  }
}

/** Whoever asks has often just been refused by the address in the control database: a live lease proves too little. */
async function ensureAnswering(parts: RequestParts, modelId: ModelId): Promise<ReadyManager> {
  const options = { timeoutMs: ENSURE_LIMIT_MS, signal: parts.signal };
  const found = await parts.managers.ensure(modelId, options);
  if (found.start !== undefined) return found;
  try {
    await managerHealth(parts.secret, modelId, found.managerUrl);
    return found;
  } catch {
    parts.managers.suspect(modelId, found.epoch);
    return parts.managers.ensure(modelId, options);
  }
}
