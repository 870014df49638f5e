import { setTimeout as delay } from "node:timers/promises";
import type { ErrorCode } from "../contracts/errors.ts";
import { errorCodeOf } from "./error-code.ts";

/** Waiting times in milliseconds before each further try, by error code; a code that is absent is not tried again. */
export interface RetryTable {
  readonly name: string;
  readonly delaysMs: Readonly<Partial<Record<ErrorCode, readonly number[]>>>;
  /** After the last delay go on with it for ever, until the signal aborts. */
  readonly forever?: boolean;
}

/** Every retry in Teatree, in one place. */
export const RETRIES = {
  /** Someone waits for the answer: a blink of a server is bridged, no more. */
  interactive: {
    name: "interactive",
    delaysMs: { unavailable: [50, 200], manager_unavailable: [50, 200] },
  },
  /** A query's reader is being started or replaced, which takes a second, and several on a busy machine. */
  reader: {
    name: "reader",
    delaysMs: {
      manager_unavailable: [50, 150, 300, 600, 1_000, 1_500, 2_000, 2_000],
      // It ended under the query, which may be the one that ends it: not again and again.
      unavailable: [100, 300],
    },
  },
  /** At start: the servers this part needs may be starting, too. */
  start: { name: "start", delaysMs: { unavailable: [100, 200, 400, 800, 1_600, 3_000, 5_000, 5_000] } },
  /** Work that must be done, however long it takes. */
  background: {
    name: "background",
    forever: true,
    delaysMs: {
      unavailable: [100, 250, 500, 1_000, 2_500, 5_000, 10_000],
      manager_unavailable: [100, 250, 500, 1_000, 2_500, 5_000, 10_000],
      disk_full: [1_000, 2_500, 5_000, 10_000],
      internal: [250, 1_000, 5_000, 10_000],
    },
  },
} as const satisfies Record<string, RetryTable>;

/** How long to wait after failed try number `attempt` (from 1); null: give up. Without jitter. */
export function retryDelayMs(table: RetryTable, code: ErrorCode, attempt: number): number | null {
  const delays = table.delaysMs[code];
  if (delays === undefined || delays.length === 0) return null;
  const last = delays.at(-1) ?? 0;
  if (attempt > delays.length) return table.forever === true ? last : null;
  return delays[attempt - 1] ?? last;
}

export interface RetryOptions {
  signal?: AbortSignal;
  onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/** Runs `fn` until it succeeds or the table gives up, then throws its last error; also when the signal aborts. */
export async function retry<T>(
  table: RetryTable,
  fn: (attempt: number) => Promise<T>,
  { signal, onRetry }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fn(attempt);
    } catch (error) {
      const base = retryDelayMs(table, errorCodeOf(error), attempt);
      if (base === null || signal?.aborted === true) throw error;
      // Many who lost the same server must not all come back in the same millisecond.
      const delayMs = base * (0.75 + Math.random() * 0.5);
      onRetry?.(error, attempt, delayMs);
      await delay(delayMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
