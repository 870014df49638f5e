import { expect, test } from "vitest";
import { mayStop } from "./idle.ts";

test.each([
  [5_001, 5_000, 0, true],
  [5_000, 5_000, 0, false],
  [0, 5_000, 0, false],
  [60_000, 5_000, 1, false],
  [null, 5_000, 0, false],
])("idle for %s ms of %s ms with %s open intents: stopped is %s", (idleMs, limitMs, openIntents, stopped) => {
  expect(mayStop({ idleMs, limitMs, openIntents })).toBe(stopped);
});
