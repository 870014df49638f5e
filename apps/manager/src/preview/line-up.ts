import { TeatreeError } from "@teatree/shared/contracts/errors";

export type LineUp = {
  /** Runs `work` when it is its turn. Rejects with `unavailable` when too many wait, with `cancelled` when the signal aborts first. */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** How many run or wait. */
  size(): number;
  /** Resolves when none runs or waits. */
  empty(): Promise<void>;
};

/** One at a time; `most` may wait. */
export function lineUp(most: number): LineUp {
  let tail: Promise<unknown> = Promise.resolve();
  let size = 0;
  return {
    size: () => size,
    empty: async () => void (await tail),
    async take(work, signal) {
      if (size > most) {
        throw new TeatreeError(
          "unavailable",
          "Other previews of this model are under way. Try again in a moment.",
        );
      }
      size += 1;
      const turn = tail.then(() => {
        if (signal.aborted) throw new TeatreeError("cancelled", "The preview was given up.");
        return work();
      });
      tail = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        size -= 1;
      }
    },
  };
}
