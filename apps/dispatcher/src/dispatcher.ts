import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { type NatsConnection, watchConnection } from "@teatree/shared/runtime/nats";
import { hangDoorbell } from "./intake/doorbell.ts";
import { openIntentReader } from "./intake/intent-reader.ts";
import { createFeeder } from "./intake/model-feeder.ts";
import { startSweep } from "./intake/sweep.ts";
import type { Launcher } from "./launchers/launcher.ts";
import { startIdleReaper } from "./managers/idle-reaper.ts";
import { createManagerPool } from "./managers/manager-pool.ts";
import { answerRequests } from "./managers/requests.ts";

export interface DispatcherParts {
  pool: Pool;
  nats: NatsConnection;
  launcher: Launcher;
  secret: string;
  idleMs: number;
  sweepMs: number;
  logger: Logger;
  /** Aborted: take nothing new, let go of what is under way. Nothing is lost; another dispatcher reads on. */
  signal: AbortSignal;
}

/** Runs until the signal aborts. `settled` resolves when nothing of it runs any more. */
export async function startDispatcher(parts: DispatcherParts): Promise<{ settled(): Promise<void> }> {
  const { pool, nats, launcher, logger, signal } = parts;
  // A connection that is cut between two statements of a transaction says so by an event; unheard, it ends the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const managers = createManagerPool({ pool, launcher, logger });
  const reader = await openIntentReader(nats);
  const feeder = createFeeder({ ...parts, managers, reader });
  const sweep = startSweep({
    ...parts,
    everyMs: parts.sweepMs,
    onWaiting: feeder.ring,
    onStreamChanged: () => doorbell.rehang(),
  });
  const doorbell = hangDoorbell(nats, {
    onRing: feeder.ring,
    // Whatever was stored while nobody listened.
    onRehung: sweep.now,
    logger,
    signal,
  });
  watchConnection(nats, sweep.now);
  answerRequests(nats, { managers, secret: parts.secret, logger, signal });
  const reaper = startIdleReaper(parts);
  // Whoever asks from now on is answered.
  await nats.flush();
  return {
    async settled() {
      await Promise.all([feeder.settled(), sweep.settled(), reaper.settled()]);
    },
  };
}
