import { TeatreeError } from "@teatree/shared/contracts/errors";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ActiveQuery, activeQueries } from "./active-queries.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A query that ends, with DuckDB's error, at the given interrupt; 0 never. */
function interruptible(endsAt: number) {
  let interrupts = 0;
  const work = (query: ActiveQuery) =>
    new Promise<string>((_, reject) => {
      query.onInterrupt = () => {
        interrupts += 1;
        if (interrupts === endsAt) reject(new Error("INTERRUPT Error: Interrupted!"));
      };
    });
  return { work, interrupts: () => interrupts };
}

test("a query that ends in time gives its result and counts no more", async () => {
  const queries = activeQueries(vi.fn());
  expect(await queries.run("a", 1000, async () => queries.count)).toBe(1);
  expect(queries.count).toBe(0);
  expect(queries.cancel("a")).toBe(false);
});

test("an interrupt is repeated until it takes, and the query says why it ended", async () => {
  const stuck = vi.fn();
  const queries = activeQueries(stuck);
  const { work, interrupts } = interruptible(5);
  const outcome = expect(queries.run("a", 300, work)).rejects.toMatchObject({ code: "query_timeout" });
  await vi.advanceTimersByTimeAsync(400);
  await outcome;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(interrupts()).toBe(5);
  expect(stuck).not.toHaveBeenCalled();
});

test("a cancel before the time limit stays a cancel", async () => {
  const queries = activeQueries(vi.fn());
  const { work } = interruptible(2);
  const outcome = expect(queries.run("a", 15, work)).rejects.toMatchObject({ code: "cancelled" });
  expect(queries.cancel("a")).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  await outcome;
});

test("a query that does not stop gives the process up, and the others may come again", async () => {
  const stuck = vi.fn();
  const queries = activeQueries(stuck);
  const hanging = expect(queries.run("a", 100, interruptible(0).work)).rejects.toMatchObject({
    code: "query_timeout",
  });
  const other = expect(queries.run("b", 60_000, interruptible(0).work)).rejects.toMatchObject({
    code: "unavailable",
    mayRetry: true,
  });
  await vi.advanceTimersByTimeAsync(2_099);
  expect(stuck).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(stuck).toHaveBeenCalledOnce();
  await Promise.all([hanging, other]);
  await expect(queries.run("c", 100, async () => "late")).rejects.toMatchObject({ code: "unavailable" });
});

test("stopping a query that has ended, as when its client hangs up, does nothing", async () => {
  const stuck = vi.fn();
  const queries = activeQueries(stuck);
  let kept: ActiveQuery | undefined;
  await queries.run("a", 1000, async (query) => {
    kept = query;
  });
  kept?.stop(new TeatreeError("cancelled", "gone"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stuck).not.toHaveBeenCalled();
});

test("one id runs once at a time", async () => {
  const queries = activeQueries(vi.fn());
  const { work } = interruptible(1);
  const first = expect(queries.run("a", 50, work)).rejects.toMatchObject({ code: "query_timeout" });
  await expect(queries.run("a", 50, async () => "again")).rejects.toMatchObject({
    code: "invalid_arguments",
  });
  await vi.advanceTimersByTimeAsync(100);
  await first;
});
