import { setTimeout as delay } from "node:timers/promises";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { modelsWithOpenIntents } from "@teatree/shared/control-db/intents";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { NatsConnection } from "@teatree/shared/runtime/nats";
import { relayOutbox } from "./outbox-relay.ts";
import { tendStream } from "./stream-life.ts";

export interface SweepOptions {
  pool: Pool;
  nats: NatsConnection;
  logger: Logger;
  signal: AbortSignal;
  everyMs: number;
  onWaiting: (modelId: ModelId) => void;
  /** The stream was made anew. */
  onStreamChanged: () => void;
}

export interface Sweep {
  /** Do not wait for the next turn. */
  now(): void;
  settled(): Promise<void>;
}

/**
 * The slow, sure way behind the doorbell: looks after the stream's life, publishes what stayed in the outbox, and
 * rings for every model with open intents. Runs until the signal aborts; a failure is logged once and tried again.
 */
export function startSweep(options: SweepOptions): Sweep {
  const { signal, logger } = options;
  let wake = new AbortController();
  let silent = false;

  async function once(): Promise<void> {
    const { changed } = await tendStream(options);
    if (changed) options.onStreamChanged();
    try {
      await relayOutbox(options);
    } finally {
      // A full stream takes nothing new, and what is in it can be worked on all the same.
      for (const { modelId } of await modelsWithOpenIntents(options.pool)) options.onWaiting(modelId);
    }
  }

  async function forEver(): Promise<void> {
    while (!signal.aborted) {
      try {
        await once();
        if (silent) logger.info("sweep works again");
        silent = false;
      } catch (error) {
        if (!silent && !signal.aborted) logger.warn({ error }, "sweep failed, trying again");
        silent = true;
      }
      const either = AbortSignal.any([wake.signal, signal]);
      await delay(options.everyMs, undefined, { signal: either }).catch(() => {});
      if (wake.signal.aborted) wake = new AbortController();
    }
  }

  const loop = forEver();
  return { now: () => wake.abort(), settled: () => loop };
}
