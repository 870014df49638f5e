import type { Logger } from "./logger.ts";

export type Releaser = () => Promise<unknown> | unknown;

export interface Shutdown {
  /** Registers what must be released; the last one added is released first. */
  add(name: string, release: Releaser): void;
  /** Releases everything once, then exits with `exitCode` (0); later calls wait for the first. Never rejects. */
  run(reason: string, exitCode?: number): Promise<void>;
  /** Aborted as soon as the shutdown begins. */
  readonly signal: AbortSignal;
}

export interface ShutdownOptions {
  /** After this many milliseconds the process ends without waiting any longer. */
  limitMs?: number;
  /** False in tests: no signal handlers, and the process goes on after `run`. */
  ownsProcess?: boolean;
}

/**
 * One way out of a process: SIGTERM and SIGINT release what was added, last in first out, then exit 0
 * (1 when a releaser failed or the limit passed).
 */
export function createShutdown(
  logger: Logger,
  { limitMs = 8_000, ownsProcess = true }: ShutdownOptions = {},
): Shutdown {
  const releasers: { name: string; release: Releaser }[] = [];
  const controller = new AbortController();
  let running: Promise<void> | undefined;

  async function releaseAll(reason: string, exitCode: number): Promise<void> {
    logger.info({ reason }, "stopping");
    let failed = false;
    for (const { name, release } of releasers.toReversed()) {
      try {
        await release();
      } catch (error) {
        failed = true;
        logger.error({ error, name }, "could not be released");
      }
    }
    if (ownsProcess) process.exit(failed ? 1 : exitCode);
  }

  function run(reason: string, exitCode = 0): Promise<void> {
    if (running !== undefined) return running;
    if (ownsProcess) {
      setTimeout(() => {
        logger.error({ limitMs }, "stopping took too long");
        process.exit(1);
      }, limitMs).unref();
    }
    controller.abort(new Error(reason));
    running = releaseAll(reason, exitCode);
    return running;
  }

  if (ownsProcess) {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => void run(name));
  }
  return { add: (name, release) => void releasers.push({ name, release }), run, signal: controller.signal };
}

/**
 * Ends this process soon after the process `pid` is gone: a child of the local start must not outlive it,
 * even when the start was killed and could not say goodbye. Asks twice a second; gives a function that stops asking.
 */
export function exitWithParent(pid: number, onGone: () => void): () => void {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}

/** Whether a process with this id exists; one that belongs to somebody else counts as alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
