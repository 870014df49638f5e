import { setTimeout as delay } from "node:timers/promises";
import type { Child, Exit } from "./child.ts";

/** A program that must run as long as the stack does. */
export interface Part {
  name: string;
  /** Gives up, and leaves nothing running, when `signal` aborts. */
  start(signal: AbortSignal): Promise<Child>;
  /** Asks it to end; SIGINT is PostgreSQL's fast stop. */
  stopSignal: NodeJS.Signals;
  /** Parts of a higher stage are stopped before those they lean on. */
  stage: number;
}

export interface SupervisorEvents {
  /** A running part ended although nobody asked it to, or could not be started again. */
  onDeath(name: string, what: string, delayMs: number): void;
  onRestart(name: string): void;
  /** The set of process ids changed. */
  onChange(parts: { name: string; pid: number }[]): void;
}

export interface Supervisor {
  /** Starts a part; from then on it is kept running. Throws when its first start fails. */
  run(part: Part): Promise<Child>;
  /**
   * Until it is called, a part that ends is not restarted: rejects what `firstDeath` gave.
   * A part that dies while the stack comes up would else only be seen as a start that never gets ready.
   */
  settle(): void;
  /** Rejects when a part ends before `settle()`. */
  firstDeath: Promise<never>;
  /** Stops all, stage by stage from the highest. Whatever still runs after `limitMs` is killed. Never rejects. */
  stop(limitMs: number): Promise<void>;
}

const STABLE_MS = 30_000;
const LONGEST_DELAY_MS = 15_000;

/** How long to wait before the next start after so many deaths in a row: 0.25, 0.5, 1 … 15 s. */
export function restartDelay(deathsInARow: number): number {
  return Math.min(LONGEST_DELAY_MS, 250 * 2 ** (deathsInARow - 1));
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}

interface Kept {
  part: Part;
  child: Child;
  startedAtMs: number;
  deaths: number;
  retry?: NodeJS.Timeout;
}

export function createSupervisor(events: SupervisorEvents): Supervisor {
  const kept = new Map<string, Kept>();
  let settled = false;
  const stopping = new AbortController();
  const starts = new Set<Promise<unknown>>();
  let rejectFirst: (error: Error) => void = () => {};
  const firstDeath = new Promise<never>((_, reject) => {
    rejectFirst = reject;
  });
  // Nobody may be listening when all goes well.
  firstDeath.catch(() => {});

  const changed = () =>
    events.onChange(
      [...kept.values()]
        .filter(({ child }) => child.running())
        .map(({ part, child }) => ({ name: part.name, pid: child.pid })),
    );

  function watch(entry: Kept): void {
    void entry.child.exited.then((exit) => {
      if (stopping.signal.aborted) return;
      const what = describeExit(exit);
      if (!settled) {
        rejectFirst(new Error(`${entry.part.name} ${what}:\n${entry.child.tail().join("\n")}`));
        return;
      }
      if (performance.now() - entry.startedAtMs > STABLE_MS) entry.deaths = 0;
      changed();
      restartLater(entry, what);
    });
  }

  function restartLater(entry: Kept, what: string): void {
    entry.deaths += 1;
    const delayMs = restartDelay(entry.deaths);
    events.onDeath(entry.part.name, what, delayMs);
    entry.retry = setTimeout(() => void tracked(restart(entry)), delayMs);
  }

  /** Known from its first moment on, so that a stop in between misses nothing. */
  function tracked<T>(start: Promise<T>): Promise<T> {
    starts.add(start);
    start.catch(() => {}).finally(() => starts.delete(start));
    return start;
  }

  async function runPart(part: Part): Promise<Child> {
    stopping.signal.throwIfAborted();
    const startedAtMs = performance.now();
    const entry: Kept = { part, startedAtMs, child: await part.start(stopping.signal), deaths: 0 };
    kept.set(part.name, entry);
    watch(entry);
    changed();
    return entry.child;
  }

  async function restart(entry: Kept): Promise<void> {
    try {
      entry.startedAtMs = performance.now();
      entry.child = await entry.part.start(stopping.signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!stopping.signal.aborted) restartLater(entry, `could not be started: ${reason}`);
      return;
    }
    if (stopping.signal.aborted) return;
    watch(entry);
    changed();
    events.onRestart(entry.part.name);
  }

  return {
    firstDeath,
    settle() {
      settled = true;
    },
    run: (part) => tracked(runPart(part)),
    async stop(limitMs) {
      stopping.abort(new Error("stopping"));
      const deadline = performance.now() + limitMs;
      for (const { retry } of kept.values()) clearTimeout(retry);
      // What is just being started must be known before it can be stopped.
      await Promise.race([Promise.allSettled(starts), delay(3_000)]);
      const entries = [...kept.values()];
      const stages = [...new Set(entries.map(({ part }) => part.stage))].sort((a, b) => b - a);
      for (const [index, stage] of stages.entries()) {
        // Each stage may use what is left but for a second for each stage below it.
        const graceMs = Math.max(200, deadline - performance.now() - 1_000 * (stages.length - 1 - index));
        const members = entries.filter(({ part }) => part.stage === stage);
        await Promise.all(members.map(({ part, child }) => child.stop(part.stopSignal, graceMs)));
      }
    },
  };
}
