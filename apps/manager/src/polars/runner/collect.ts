import type { pl } from "./polars.ts";

type LazyFrame = ReturnType<ReturnType<typeof pl.DataFrame>["lazy"]>;

/** What the streaming engine says of plans that it cannot run; the last is how it meets a join by inequality. */
const NOT_FOR_STREAMING = [
  /stream.*\bnot\b.*(support|implement)/is,
  /\bnot\b.*(support|implement).*stream/is,
  /entered unreachable code/,
];

/**
 * Runs a plan on the streaming engine, and on the default one when streaming cannot. Never the asynchronous `collect`: an error
 * inside of Polars would end the process there.
 */
export function collectNow(frame: object): ReturnType<LazyFrame["collectSync"]> {
  const plan = frame as LazyFrame;
  try {
    return plan.collectSync({ engine: "streaming" });
  } catch (error) {
    if (!(error instanceof Error) || !NOT_FOR_STREAMING.some((words) => words.test(error.message)))
      throw error;
    return plan.collectSync({ engine: "in-memory" });
  }
}
