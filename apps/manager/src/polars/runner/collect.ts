import type { pl } from "./polars.ts";

type LazyFrame = ReturnType<ReturnType<typeof pl.DataFrame>["lazy"]>;

/**
 * Runs a plan on the streaming engine, and on the default one when streaming says that it cannot. Never the asynchronous `collect`:
 * an error inside of Polars would end the process there.
 */
export function collectNow(frame: object): ReturnType<LazyFrame["collectSync"]> {
  const plan = frame as LazyFrame;
  try {
    return plan.collectSync({ engine: "streaming" });
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !/stream/i.test(error.message) ||
      !/not\b.*(support|implement)/i.test(error.message)
    ) {
      throw error;
    }
    return plan.collectSync({ engine: "in-memory" });
  }
}
