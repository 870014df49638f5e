import { TeatreeError } from "@teatree/shared/contracts/errors";
import { memoryOf } from "./process-memory.ts";
import type { ChildAnswer, PolarsRequest } from "./protocol.ts";
import { outOfMemory, type RunnerChild } from "./runner-child.ts";

const POLL_MS = 25;
/** The child stops user code by itself when its time is up, with a better message; Polars at work it cannot stop. */
const GRACE_MS = 250;

/**
 * Runs the request in the child and holds it to its limits of time and memory: who exceeds one is killed. The promise rejects with
 * the reason; the child is not ended here.
 */
export async function watchChild(
  child: RunnerChild,
  request: PolarsRequest,
  limits: { memoryLimitBytes: number; signal: AbortSignal },
): Promise<{ answer: ChildAnswer; peakRssBytes: number }> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(new TeatreeError("cancelled", "Stopped before it ended."));
  limits.signal.addEventListener("abort", stop, { once: true });
  // It may have come while the child was starting.
  if (limits.signal.aborted) stop();
  const clock = setTimeout(
    () =>
      stopped.reject(
        new TeatreeError("query_timeout", `The transform took longer than ${request.limits.timeoutMs} ms.`),
      ),
    request.limits.timeoutMs + GRACE_MS,
  );
  let peak = 0;
  let looking = false;
  const poll = setInterval(async () => {
    if (looking) return;
    looking = true;
    const memory = await memoryOf(child.pid);
    peak = Math.max(peak, memory.peak);
    looking = false;
    if (memory.now > limits.memoryLimitBytes) stopped.reject(outOfMemory());
  }, POLL_MS);
  try {
    const answer = await Promise.race([child.run(request), stopped.promise]);
    const { peak: last } = await memoryOf(child.pid);
    return { answer, peakRssBytes: Math.max(peak, last) };
  } finally {
    clearInterval(poll);
    clearTimeout(clock);
    limits.signal.removeEventListener("abort", stop);
  }
}
