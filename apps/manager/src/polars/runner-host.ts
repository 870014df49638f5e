import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Logger } from "@teatree/shared/runtime/logger";
import { handOver, takeResult } from "./hand-over.ts";
import { hasBubblewrap } from "./launch.ts";
import type { PolarsAnswer, PolarsIsolation, PolarsRequest } from "./protocol.ts";
import { type RunnerChild, startRunnerChild } from "./runner-child.ts";
import { watchChild } from "./watch-child.ts";

const PROBE_MS = 10_000;

/** Runs users' Polars transforms, each in a process of its own that is killed afterwards. */
export interface PolarsRunner {
  /**
   * Rejects with `polars_error` (with `line` and `column` of the user's code where known), `query_timeout`, `out_of_memory`,
   * `result_too_large`, `invalid_arguments` (more objects, calls or bytes than allowed), `cancelled` or `crashed`. There is a file
   * at `request.out` only after it resolved.
   */
  run(request: PolarsRequest, signal: AbortSignal): Promise<PolarsAnswer>;
  /** How far runs are kept apart; found out once, by really starting one. */
  isolation(): Promise<PolarsIsolation>;
  /** Ends all runs. */
  stop(): Promise<void>;
}

/** Keeps one child ready: Polars and QuickJS take a quarter of a second to load. `scratchDir` is for files under way. */
export function startPolarsRunner(options: {
  logger: Logger;
  threads: number;
  memoryLimitBytes: number;
  scratchDir: string;
}): PolarsRunner {
  const stopping = new AbortController();
  const alive = new Set<RunnerChild>();
  let spare: Promise<RunnerChild> | undefined;
  const isolation = probe();
  isolation.catch((error: unknown) => options.logger.error({ error }, "Polars cannot start"));

  async function probe(): Promise<PolarsIsolation> {
    if (hasBubblewrap() && (await startsWrapped())) return "bubblewrap";
    spare = start("process");
    await spare;
    return "process";
  }

  async function startsWrapped(): Promise<boolean> {
    const child = await start("bubblewrap");
    try {
      await within(PROBE_MS, child.ready);
      spare = Promise.resolve(child);
      return true;
    } catch (error) {
      options.logger.warn({ error }, "bubblewrap does not work here: Polars runs without it");
      await end(child);
      return false;
    }
  }

  async function start(level: PolarsIsolation): Promise<RunnerChild> {
    const child = await startRunnerChild({ ...options, wrapped: level === "bubblewrap" });
    alive.add(child);
    return child;
  }

  async function end(child: RunnerChild): Promise<void> {
    alive.delete(child);
    await child.end();
  }

  async function take(level: PolarsIsolation): Promise<RunnerChild> {
    const taken = spare ?? start(level);
    spare = undefined;
    const child = await taken;
    try {
      await child.ready;
      return child;
    } catch {
      // A spare child may have died while it waited.
      await end(child);
      const other = await start(level);
      await other.ready;
      return other;
    }
  }

  return {
    async run(request, signal) {
      const started = performance.now();
      const either = AbortSignal.any([signal, stopping.signal]);
      if (either.aborted) throw new TeatreeError("cancelled", "Stopped before it began.");
      const level = await isolation;
      const child = await take(level);
      const startMs = performance.now() - started;
      try {
        const given = await handOver(request, child.folders);
        const { answer, peakRssBytes } = await watchChild(child, given, {
          memoryLimitBytes: options.memoryLimitBytes,
          signal: either,
        });
        await takeResult(given.out, request.out);
        return { ...answer, durations: { startMs, ...answer.durations }, peakRssBytes, isolation: level };
      } finally {
        await end(child);
        // Only now: a start takes a core, which the run could use.
        if (!stopping.signal.aborted) spare ??= start(level);
      }
    },
    isolation: () => isolation,
    async stop() {
      stopping.abort();
      await isolation.catch(() => undefined);
      await spare?.catch(() => undefined);
      await Promise.all([...alive].map(end));
    },
  };
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const timer = AbortSignal.timeout(milliseconds);
  await Promise.race([
    work,
    new Promise<never>((_, reject) => {
      timer.addEventListener("abort", () => reject(new Error("It took too long.")), { once: true });
    }),
  ]);
}
