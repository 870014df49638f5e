import { setTimeout as delay } from "node:timers/promises";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { renewLease } from "@teatree/shared/control-db/leases";
import type { Db } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { TakenLease } from "./acquire.ts";

export interface LeaseKeeper {
  /** Stops renewing; the lease itself is released by whoever stops the manager. */
  stop(): void;
}

/**
 * Renews the lease at a third of its time. Calls `onLost` once: when another took it over, or when it could not be renewed and is
 * about to run out by this process's monotonic clock (a sixth of the time early). The caller must then end the process at once.
 */
export function keepLease(
  db: Db,
  lease: TakenLease & { modelId: ModelId; ttlMs: number },
  options: { logger: Logger; onLost: (reason: string) => void },
): LeaseKeeper {
  const { modelId, epoch, ttlMs } = lease;
  const ending = new AbortController();
  let deadline: NodeJS.Timeout | undefined;

  function lost(reason: string): void {
    if (ending.signal.aborted) return;
    stop();
    options.onLost(reason);
  }

  function heldSince(base: number): void {
    clearTimeout(deadline);
    const leftMs = base + (ttlMs * 5) / 6 - performance.now();
    deadline = setTimeout(() => lost("the lease could not be renewed in time"), Math.max(0, leftMs));
  }

  async function renewForEver(): Promise<void> {
    let waitMs = ttlMs / 3;
    while (!ending.signal.aborted) {
      await delay(waitMs, undefined, { signal: ending.signal });
      const base = performance.now();
      try {
        const renewed = await renewLease(db, { modelId, epoch, ttlMs });
        if (!renewed) return lost("another manager took over the lease, or it ran out");
        heldSince(base);
        waitMs = ttlMs / 3;
      } catch (error) {
        options.logger.warn({ error }, "the lease could not be renewed; trying again");
        waitMs = ttlMs / 20;
      }
    }
  }

  function stop(): void {
    ending.abort();
    clearTimeout(deadline);
  }

  heldSince(lease.deadlineBase);
  // The only rejection is the abort of its own waiting.
  renewForEver().catch(() => undefined);
  return { stop };
}
