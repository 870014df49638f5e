import { expect, test } from "vitest";
import { restartDelay } from "./supervisor.ts";

test("the pause before a restart doubles up to 15 s", () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 20].map(restartDelay);
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});
