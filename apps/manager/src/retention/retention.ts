import type { Collected } from "@teatree/shared/contracts/retention";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { Collection } from "./collect.ts";

export interface Retention {
  /** A version was published: what the policy lets go is collected soon, when nobody waits. */
  kick(): void;
  /** Collects now, to the end. Rejects as `collect` does. */
  collect(): Promise<Collected>;
  stop(): void;
}

export type RetentionOptions = {
  /** One turn of collecting, between batches. */
  turn: () => Promise<Collection>;
  /** Whether there may be something to collect by itself. */
  isWanted: () => Promise<boolean>;
  /** Milliseconds since the model was used. */
  idleMs: () => number;
  logger: Logger;
};

/** At most once in this time by itself. */
const EVERY_MS = 60_000;
/** So long after the last batch: whoever submits one thing after the other is not disturbed. */
const QUIET_MS = 2_000;
/** The longest a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** Decides when a model's retention runs. */
export function startRetention({ turn, isWanted, idleMs, logger }: RetentionOptions): Retention {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let startedAt = Number.NEGATIVE_INFINITY;
  let stopped = false;

  async function collect(): Promise<Collected> {
    startedAt = performance.now();
    const total = await turn();
    let { isDone } = total;
    while (!isDone && !stopped) {
      const more = await turn();
      addTo(total, more);
      isDone = more.isDone;
    }
    const { isDone: _, ...collected } = total;
    if (collected.remaining.until !== null) wakeIn(Date.parse(collected.remaining.until) - Date.now());
    return collected;
  }

  function wakeIn(ms: number): void {
    const delayMs = Math.min(Math.max(ms, startedAt + EVERY_MS - performance.now(), QUIET_MS), LONGEST_MS);
    const at = performance.now() + delayMs;
    // One that is nearer wakes at the right time, too.
    if (stopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => void wake(), delayMs);
    timer.unref();
  }

  async function wake(): Promise<void> {
    dueAt = Number.POSITIVE_INFINITY;
    if (idleMs() < QUIET_MS) {
      wakeIn(QUIET_MS);
      return;
    }
    try {
      if (!(await isWanted())) return;
      const done = await collect();
      logger.info({ ...done }, "collected");
    } catch (error) {
      if (!stopped) logger.error({ error }, "collecting failed; the next version tries again");
    }
  }

  return {
    kick: () => wakeIn(0),
    collect,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function addTo(total: Collection, more: Collection): void {
  total.removedVersions.push(...more.removedVersions);
  total.packsRemoved += more.packsRemoved;
  total.packsThinned += more.packsThinned;
  total.archiveFilesRemoved += more.archiveFilesRemoved;
  total.bytesFreed += more.bytesFreed;
  total.bytesKept = more.bytesKept;
  total.remaining = more.remaining;
}
