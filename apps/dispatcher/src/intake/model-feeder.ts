import { setTimeout as delay } from "node:timers/promises";
import { type ErrorCode, TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { StepName } from "@teatree/shared/contracts/jobs";
import type { BatchItem } from "@teatree/shared/contracts/manager-api";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Pool } from "@teatree/shared/control-db/pool";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { NatsConnection } from "@teatree/shared/runtime/nats";
import { RETRIES, retryDelayMs } from "@teatree/shared/runtime/retry";
import { withSpan } from "@teatree/shared/runtime/tracing";
import type { ManagerPool, ReadyManager } from "../managers/manager-pool.ts";
import { nextRound } from "./decide.ts";
import type { IntentReader } from "./intent-reader.ts";
import { tellJobs } from "./job-news.ts";
import { handOverSteps, logLines } from "./job-steps.ts";
import { readRound } from "./read-round.ts";
import { sendBatch } from "./send-batch.ts";

export interface FeederParts {
  pool: Pool;
  nats: NatsConnection;
  reader: IntentReader;
  managers: ManagerPool;
  secret: string;
  logger: Logger;
  signal: AbortSignal;
}

export interface Feeder {
  /** Something waits for this model, perhaps. Returns at once; one loop per model does the rest. */
  ring(modelId: ModelId): void;
  /** Resolves when no loop runs any more; call it after the signal aborted. */
  settled(): Promise<void>;
}

const MANAGER_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 2_500;

/** For each model that was rung: one batch at a time, in order, until nothing waits. */
export function createFeeder(parts: FeederParts): Feeder {
  const running = new Map<ModelId, { rung: boolean; loop: Promise<void> }>();

  async function loop(modelId: ModelId, state: { rung: boolean }): Promise<void> {
    let failures = 0;
    while (state.rung && !parts.signal.aborted) {
      state.rung = false;
      try {
        await feed(parts, modelId, (items, step, why) => tellFailure(parts, failures + 1, items, step, why));
        failures = 0;
      } catch (error) {
        if (parts.signal.aborted) break;
        failures += 1;
        state.rung = true;
        // Whatever it is, the intents stay queued: only an outcome ends them.
        const wait = feedDelayMs(errorCodeOf(error), failures);
        parts.logger.warn({ error, modelId, failures, waitMs: wait }, "batch not done, trying again");
        await delay(wait, undefined, { signal: parts.signal }).catch(() => {});
      }
    }
  }

  return {
    ring(modelId) {
      const known = running.get(modelId);
      if (known !== undefined) {
        known.rung = true;
        return;
      }
      if (parts.signal.aborted) return;
      const state = { rung: true, loop: Promise.resolve() };
      running.set(modelId, state);
      state.loop = loop(modelId, state).finally(() => running.delete(modelId));
    },
    async settled() {
      await Promise.allSettled([...running.values()].map((state) => state.loop));
    },
  };
}

/** Never long: whoever is away is back within 10 s as a rule, and a manager that cannot start is held back elsewhere. */
function feedDelayMs(code: ErrorCode, failures: number): number {
  const known = retryDelayMs(RETRIES.background, code, failures);
  return Math.min(LONGEST_WAIT_MS, known ?? LONGEST_WAIT_MS);
}

type OnFailure = (items: BatchItem[], step: StepName, why: string) => Promise<void>;

async function feed(parts: FeederParts, modelId: ModelId, onFailure: OnFailure): Promise<void> {
  let readBehind = await positionOf(parts.pool, modelId);
  while (readBehind !== null && !parts.signal.aborted) {
    const { lastRead, items } = await readRound(parts, modelId, readBehind);
    const lastSent = items.at(-1)?.sequence ?? null;
    if (items.length > 0) await handOver(parts, modelId, items, onFailure);
    const position = await positionOf(parts.pool, modelId);
    if (position === null) return;
    const next = nextRound({ lastRead, lastSent, position });
    if (next === "rest") return;
    if (next === "back off") {
      throw new TeatreeError("internal", `The manager said done, but the position is still ${position}.`);
    }
    readBehind = next === "behind" && lastRead !== null ? lastRead : position;
  }
}

async function handOver(
  parts: FeederParts,
  modelId: ModelId,
  items: BatchItem[],
  onFailure: OnFailure,
): Promise<void> {
  const attributes = { "teatree.model": modelId, "teatree.items": items.length };
  await withSpan("dispatch", attributes, items[0]?.traceparent, async () => {
    let manager: ReadyManager;
    try {
      manager = await parts.managers.ensure(modelId, {
        timeoutMs: MANAGER_WAIT_MS,
        signal: parts.signal,
      });
    } catch (error) {
      await onFailure(items, "start_manager", wordsOf(error));
      throw error;
    }
    // Beside the work, not before it: the story of a job costs it no time.
    const told = tellJobs(parts, handOverSteps(items, new Date(), manager.start));
    try {
      await sendBatch(parts, modelId, manager, items);
    } catch (error) {
      const gone = isGone(error);
      if (gone) parts.managers.suspect(modelId, manager.epoch);
      if (!parts.signal.aborted) {
        await onFailure(
          items,
          "apply",
          gone ? "The model's manager ended before the batch did." : wordsOf(error),
        );
      }
      throw error;
    } finally {
      await told;
    }
  });
}

function isGone(error: unknown): boolean {
  return (
    error instanceof TeatreeError && error.code === "unavailable" && typeof error.details.reason === "string"
  );
}

async function tellFailure(
  parts: FeederParts,
  failure: number,
  items: BatchItem[],
  step: StepName,
  why: string,
): Promise<void> {
  // At first, then now and then.
  if (failure !== 1 && failure % 20 !== 0) return;
  await tellJobs(parts, logLines(items, step, "warn", `${why} It is tried again.`));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : "The batch could not be handed over.";
}

async function positionOf(pool: Pool, modelId: ModelId): Promise<number | null> {
  return (await modelById(pool, modelId))?.position ?? null;
}
