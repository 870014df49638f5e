import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks `probe` every `everyMs` until it gives something other than undefined, and returns that.
 * Throws the reason of `signal` once that aborts.
 * A probe that throws counts as "not yet"; its last error becomes the cause of the timeout error.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  {
    timeoutMs = 10_000,
    everyMs = 25,
    signal,
  }: { timeoutMs?: number; everyMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`, { cause: lastError });
    }
    await delay(everyMs);
  }
}
