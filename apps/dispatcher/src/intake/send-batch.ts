import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { type Batch, BatchDone, type BatchItem } from "@teatree/shared/contracts/manager-api";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Pool } from "@teatree/shared/control-db/pool";
import { callJson } from "@teatree/shared/runtime/http-json";
import { signToken } from "@teatree/shared/runtime/tokens";
import type { ReadyManager } from "../managers/manager-pool.ts";

const LEASE_WATCH_MS = 1_000;

/**
 * Hands a batch to the manager and waits, however long it takes, until each item has its outcome. Throws `unavailable`
 * when the manager is gone: refused, broken off, or no longer holding the lease (a frozen process keeps its sockets
 * open for ever). Its work may have been done all the same; the position tells.
 */
export async function sendBatch(
  parts: { pool: Pool; secret: string; signal: AbortSignal },
  modelId: ModelId,
  manager: ReadyManager,
  items: BatchItem[],
): Promise<BatchDone> {
  const given = new AbortController();
  const watch = setInterval(() => {
    modelById(parts.pool, modelId).then(
      (model) => {
        if (model?.leaseLive !== true || model.leaseEpoch !== manager.epoch) given.abort();
      },
      // PostgreSQL away says nothing about the manager.
      () => {},
    );
  }, LEASE_WATCH_MS);
  try {
    return await callJson(`${manager.managerUrl}/batches`, {
      method: "POST",
      token: await signToken(parts.secret, { sub: modelId, action: "batch" }),
      body: batchOf(items, manager),
      schema: BatchDone,
      signal: AbortSignal.any([given.signal, parts.signal]),
    });
  } catch (error) {
    if (given.signal.aborted && !parts.signal.aborted) {
      throw new TeatreeError("unavailable", "The manager lost its lease.", { cause: error });
    }
    throw error;
  } finally {
    clearInterval(watch);
  }
}

function batchOf(items: BatchItem[], { start }: ReadyManager): Batch {
  if (start === undefined) return { items };
  return { items, managerStart: { startedAt: start.startedAt.toISOString(), durationMs: start.durationMs } };
}
