import { expect, test } from "vitest";
import { median, medianRatio, percentile } from "./statistics.ts";

test("a percentile is a sample, by nearest rank", () => {
  const samples = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([1, 3, 5, 5]);
  expect(() => median([])).toThrow("at least one sample");
});

test("the ratio of two sides is taken per round, so that one slow round does not decide", () => {
  expect(
    medianRatio([
      { value: 2, floor: 1 },
      { value: 3, floor: 1 },
      { value: 1000, floor: 400 },
    ]),
  ).toBe(2.5);
});
