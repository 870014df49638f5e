import type { IntentId } from "@teatree/shared/contracts/ids";
import type { JobEvent, StepName } from "@teatree/shared/contracts/jobs";
import { appendJobEvents } from "@teatree/shared/control-db/job-events";
import type { Db } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";

/** Where the steps and log lines of jobs are kept. Never in the way: what it is given is written a moment later, in bulk. */
export interface Journal {
  step(
    ids: IntentId[],
    step: { name: StepName; startedAt: string; durationMs: number; detail?: string },
  ): void;
  log(ids: IntentId[], level: "info" | "warn" | "error", step: StepName, line: string): void;
  add(id: IntentId, event: JobEvent): void;
  /** Resolves when everything given so far is written, or could not be. */
  flush(): Promise<void>;
}

const FLUSH_AFTER_MS = 5;
const RETRY_AFTER_MS = 500;
/** What is kept while the database is away; older lines go first. */
const MOST_KEPT = 10_000;

/** `onWritten` is told whose events were just written. */
export function openJournal(options: {
  db: Db;
  logger: Logger;
  onWritten: (ids: Set<IntentId>) => void;
}): Journal {
  let waiting: { intentId: IntentId; event: JobEvent }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const events = waiting;
    waiting = [];
    if (events.length === 0) return;
    try {
      await appendJobEvents(options.db, events);
      options.onWritten(new Set(events.map((event) => event.intentId)));
    } catch (error) {
      options.logger.warn({ error, events: events.length }, "job events could not be written; kept");
      waiting = [...events, ...waiting].slice(-MOST_KEPT);
      schedule(RETRY_AFTER_MS);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }

  function schedule(afterMs: number): void {
    timer ??= setTimeout(flush, afterMs);
    timer.unref();
  }

  function add(intentId: IntentId, event: JobEvent): void {
    waiting.push({ intentId, event });
    schedule(FLUSH_AFTER_MS);
  }

  return {
    add,
    flush,
    step(ids, step) {
      for (const id of ids) add(id, { kind: "step", at: new Date().toISOString(), step });
    },
    log(ids, level, step, line) {
      for (const id of ids) add(id, { kind: "log", at: new Date().toISOString(), level, step, line });
    },
  };
}
