import { TeatreeError } from "@teatree/shared/contracts/errors";

/** An interrupt that comes before execution begins is lost, so it is sent until the query ends. */
const INTERRUPT_EVERY_MS = 10;
/** How long a stopped query may go on before its process is given up. */
const STOP_WITHIN_MS = 2_000;

/** One query from its request until its result is complete. */
export type ActiveQuery = {
  /** What to call to interrupt the step that runs now. */
  onInterrupt: (() => void) | undefined;
  /** How far it is, from 0 to 1; null where that is not known. */
  progress: number | null;
  /** Throws why the query was stopped, if it was. */
  check(): void;
  /** Stops it with an error; the first reason stands. */
  stop(reason: TeatreeError): void;
  readonly stopReason: TeatreeError | undefined;
};

export type ActiveQueries = {
  readonly count: number;
  /**
   * Runs `work`, which must end soon after `onInterrupt` was called. Rejects with the reason when the query was
   * stopped, and with `unavailable` when the process is given up because of another one.
   */
  run<T>(id: string, timeoutMs: number, work: (query: ActiveQuery) => Promise<T>): Promise<T>;
  /** False when no query of that id runs. */
  cancel(id: string): boolean;
  /** undefined when no query of that id runs. */
  progressOf(id: string): number | null | undefined;
};

/** `onStuck` is called when a stopped query does not end; all queries have been rejected by then. */
export function activeQueries(onStuck: () => void): ActiveQueries {
  const running = new Map<string, ActiveQuery & { abandon(error: TeatreeError): void }>();
  let givenUp = false;

  function giveUp(): void {
    if (givenUp) return;
    givenUp = true;
    for (const query of running.values()) {
      query.abandon(query.stopReason ?? startsAgain());
    }
    onStuck();
  }

  function begin(timeoutMs: number) {
    const timers: NodeJS.Timeout[] = [];
    const abandoned = Promise.withResolvers<never>();
    abandoned.promise.catch(() => undefined);
    let stopReason: TeatreeError | undefined;
    let ended = false;
    const query = {
      onInterrupt: undefined as (() => void) | undefined,
      progress: null as number | null,
      get stopReason() {
        return stopReason;
      },
      check() {
        if (stopReason !== undefined) throw stopReason;
      },
      stop(reason: TeatreeError) {
        // A client that hangs up while its result is sent stops nothing any more.
        if (ended || stopReason !== undefined) return;
        stopReason = reason;
        query.onInterrupt?.();
        timers.push(setInterval(() => query.onInterrupt?.(), INTERRUPT_EVERY_MS));
        timers.push(setTimeout(giveUp, STOP_WITHIN_MS));
      },
      abandon: abandoned.reject,
    };
    timers.push(setTimeout(() => query.stop(timedOut(timeoutMs)), timeoutMs));
    const end = () => {
      ended = true;
      for (const timer of timers) clearTimeout(timer);
    };
    return { query, abandoned: abandoned.promise, end };
  }

  return {
    get count() {
      return running.size;
    },
    async run(id, timeoutMs, work) {
      if (givenUp) throw startsAgain();
      if (running.has(id)) throw new TeatreeError("invalid_arguments", "A query of this id is running.");
      const { query, abandoned, end } = begin(timeoutMs);
      running.set(id, query);
      try {
        return await Promise.race([work(query), abandoned]);
      } catch (error) {
        throw query.stopReason ?? error;
      } finally {
        end();
        running.delete(id);
      }
    },
    cancel(id) {
      const query = running.get(id);
      query?.stop(new TeatreeError("cancelled", "The query was stopped."));
      return query !== undefined;
    },
    progressOf: (id) => running.get(id)?.progress,
  };
}

function startsAgain(): TeatreeError {
  return new TeatreeError("unavailable", "The reader starts again. Try again.");
}

function timedOut(timeoutMs: number): TeatreeError {
  return new TeatreeError("query_timeout", `The query did not end within ${timeoutMs / 1000} s.`, {
    details: { timeoutMs },
  });
}
