import { expect, test } from "vitest";
import { MOST_OPEN, memoryShare } from "./memory-share.ts";

test("the first version may use half of the memory, the second a quarter", () => {
  expect(memoryShare(1000, [])).toBe(500);
  expect(memoryShare(1000, [500])).toBe(250);
});

test("when one closes, the next gets what became free", () => {
  expect(memoryShare(1000, [250])).toBe(375);
});

test("all that may be open together stay below twice the memory", () => {
  const shares: number[] = [];
  while (shares.length < MOST_OPEN) shares.push(memoryShare(1_000_000, shares));
  expect(Math.min(...shares)).toBeGreaterThan(0);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThan(2_000_000);
});
