import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRightOfWay, QUIET_MS, type RightOfWay } from "./right-of-way.ts";

const NEVER = Number.POSITIVE_INFINITY;
let changes: boolean[];
let way: RightOfWay;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  changes = [];
  way = createRightOfWay((isFree) => changes.push(isFree));
});
afterEach(() => vi.useRealTimers());

/** Whether waiting has ended by now. */
function waiting(latest: number, signal = new AbortController().signal) {
  const state = { ended: false };
  way.wait(latest, signal).then(() => {
    state.ended = true;
  });
  return state;
}

function working() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  way.giveWay(promise);
  return { end: resolve, fail: () => reject(new Error("it failed")) };
}

describe("what can wait", () => {
  test("goes on at once when nothing is worked at", async () => {
    const state = waiting(NEVER);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.ended).toBe(true);
    expect(changes).toEqual([]);
  });

  test.each(["end", "fail"] as const)("waits for the %s of all work, and a moment more", async (how) => {
    const [first, second] = [working(), working()];
    const state = waiting(NEVER);
    first[how]();
    await vi.advanceTimersByTimeAsync(QUIET_MS * 2);
    expect(state.ended).toBe(false);
    second[how]();
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
    expect(state.ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.ended).toBe(true);
    expect(changes).toEqual([false, true]);
  });

  test("waits longer when more work comes in that moment", async () => {
    working().end();
    const state = waiting(NEVER);
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
    const more = working();
    await vi.advanceTimersByTimeAsync(QUIET_MS * 2);
    expect(state.ended).toBe(false);
    more.end();
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(state.ended).toBe(true);
    expect(changes).toEqual([false, true]);
  });

  test("is told to wait again when work begins while it goes on", async () => {
    await way.wait(NEVER, new AbortController().signal);
    const work = working();
    expect(changes).toEqual([false]);
    work.end();
    await vi.advanceTimersByTimeAsync(QUIET_MS);
    expect(changes).toEqual([false, true]);
  });

  test("goes on beside the work when it has waited long, and is not stopped again", async () => {
    const work = working();
    const state = waiting(Date.now() + 5_000);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(state.ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(state.ended).toBe(true);
    work.end();
    working();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(changes).toEqual([false, true]);
  });

  test("waits for work again once it asks with a later time", async () => {
    working();
    await Promise.all([vi.advanceTimersByTimeAsync(10), way.wait(Date.now() + 10, AbortSignal.any([]))]);
    const state = waiting(NEVER);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.ended).toBe(false);
    expect(changes).toEqual([false, true, false]);
  });

  test("stops waiting when it is aborted", async () => {
    working();
    const stopping = new AbortController();
    const state = waiting(NEVER, stopping.signal);
    stopping.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.ended).toBe(true);
  });
});
