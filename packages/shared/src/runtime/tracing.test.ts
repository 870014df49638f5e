import { expect, test } from "vitest";
import { childTraceparent, newTraceparent, parseTraceparent, traceIdOf } from "./traceparent.ts";
import { currentTraceparent, startTracing, withSpan } from "./tracing.ts";

test.each([
  "",
  "garbage",
  "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
  "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
  "00-4bf92f3577b34da6-00f067aa0ba902b7-01",
])("%j names no trace", (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
  expect(traceIdOf(text)).toBeNull();
});

test("a child keeps the trace and gets a span of its own", () => {
  const parent = newTraceparent();
  const child = childTraceparent(parent);
  expect(traceIdOf(child)).toBe(traceIdOf(parent));
  expect(child).not.toBe(parent);
});

test("a trace travels through nested spans though nothing is exported", async () => {
  const tracing = await startTracing("test");
  const parent = newTraceparent();
  const seen = await withSpan("outer", {}, parent, () =>
    withSpan("inner", {}, undefined, async (inner) => ({ inner, current: currentTraceparent() })),
  );
  await tracing.stop();
  expect(seen.current).toBe(seen.inner);
  expect(traceIdOf(seen.inner)).toBe(traceIdOf(parent));
  expect(currentTraceparent()).toBeUndefined();
});

test("two traces side by side do not mix", async () => {
  const parents = [newTraceparent(), newTraceparent()];
  const ids = await Promise.all(
    parents.map((parent) =>
      withSpan("side", {}, parent, async () => {
        await new Promise(setImmediate);
        return traceIdOf(currentTraceparent());
      }),
    ),
  );
  expect(ids).toEqual(parents.map(traceIdOf));
});

test("what a span throws is thrown on", async () => {
  const failing = withSpan("failing", {}, undefined, async () => {
    throw new Error("as it was");
  });
  await expect(failing).rejects.toThrow("as it was");
});
