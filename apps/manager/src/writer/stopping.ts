import type { DuckDBConnection } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";

export type Stopping = {
  /** Why the intent is being stopped; undefined while it may go on. */
  reason: () => "cancelled" | "query_timeout" | undefined;
  cancel: () => void;
  check: () => void;
  /** Ends the interrupts: nothing after this call is interrupted. */
  end: () => void;
};

const REPEAT_MS = 10;

/**
 * Stops what runs on the connections on `cancel` or after `timeoutMs`. Interrupts again and again, because one that is sent before a
 * statement begins is lost.
 */
export function stopAfter(connections: readonly DuckDBConnection[], timeoutMs: number): Stopping {
  let why: "cancelled" | "query_timeout" | undefined;
  let ended = false;
  let repeat: NodeJS.Timeout | undefined;
  const interrupt = () => {
    for (const connection of connections) connection.interrupt();
  };
  const stop = (reason: "cancelled" | "query_timeout") => {
    if (ended || why) return;
    why = reason;
    interrupt();
    repeat = setInterval(interrupt, REPEAT_MS);
  };
  const timer = setTimeout(() => stop("query_timeout"), timeoutMs);
  return {
    reason: () => why,
    cancel: () => stop("cancelled"),
    check: () => {
      if (why) throw new TeatreeError("cancelled", "Stopped before it ended.");
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
      clearInterval(repeat);
    },
  };
}
