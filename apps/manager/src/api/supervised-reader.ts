import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@teatree/shared/runtime/logger";
import { startReader } from "../reader/reader-host.ts";

type Reader = Awaited<ReturnType<typeof startReader>>;

export interface SupervisedReader {
  url(): string;
  warm(file: string): Promise<void>;
  retire(file: string): void;
  idleMs(): number;
  stop(): Promise<void>;
}

/**
 * A reader that is started again when its process ends unasked. `onMoved` is called when it listens elsewhere then: whoever knows
 * the old address must learn the new one.
 */
export async function startSupervisedReader(
  options: Parameters<typeof startReader>[0],
  { signal, onMoved }: { signal: AbortSignal; onMoved: () => Promise<void> },
): Promise<SupervisedReader> {
  let reader = await startReader(options);
  supervise(reader);

  async function supervise(running: Reader): Promise<void> {
    await running.exited;
    if (signal.aborted) return;
    options.logger.warn({ pid: running.pid }, "the reader ended; starting another");
    reader = await startAgain(options, options.logger, signal);
    supervise(reader);
    await onMoved();
  }

  return {
    url: () => reader.url,
    warm: (file) => reader.warm(file),
    retire: (file) => reader.retire(file),
    idleMs: () => reader.idleMs(),
    stop: () => reader.stop(),
  };
}

async function startAgain(
  options: Parameters<typeof startReader>[0],
  logger: Logger,
  signal: AbortSignal,
): Promise<Reader> {
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await startReader(options);
    } catch (error) {
      logger.error({ error }, "the reader did not start");
      await delay(waitMs, undefined, { signal });
    }
  }
}
