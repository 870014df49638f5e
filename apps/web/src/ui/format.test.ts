import { describe, expect, test } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatDelta,
  formatDuration,
  formatNumber,
  plural,
  shortHash,
} from "./format.ts";

describe("figures", () => {
  test.each([
    [0, "0"],
    [3_000_000, "3,000,000"],
    [-62, "−62"],
  ])("%d reads %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test.each([
    [0, "± 0"],
    [1000, "+1,000"],
    [-3, "−3"],
  ])("a difference of %d reads %s", (value, text) => expect(formatDelta(value)).toBe(text));

  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [274_000, "274 KB"],
    [34_100_000, "34.1 MB"],
    [999_600, "1.0 MB"],
    [4_000_000_000, "4.0 GB"],
  ])("%d bytes read %s", (value, text) => expect(formatBytes(value)).toBe(text));

  test.each([
    [0, "0 ms"],
    [0.4, "<1 ms"],
    [144, "144 ms"],
    [999.6, "1.00 s"],
    [1204, "1.20 s"],
    [12_340, "12.3 s"],
    [125_000, "2 min 5 s"],
    [11_040_000, "3 h 4 min"],
  ])("%d milliseconds read %s", (value, text) => expect(formatDuration(value)).toBe(text));

  test("a hash is cut in the middle", () => {
    expect(shortHash(`${"a".repeat(32)}${"b".repeat(32)}`)).toBe("aaaaaaaaaaaa…bbbbbbbb");
  });

  test("one row is singular", () => {
    expect([plural(1, "row"), plural(0, "row"), plural(1000, "row")]).toEqual([
      "1 row",
      "0 rows",
      "1,000 rows",
    ]);
  });
});

describe("how long ago", () => {
  const now = new Date(2026, 10, 22, 11, 0, 0);
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

  test.each([
    [1, "now"],
    [30, "30 s ago"],
    [150, "2 min ago"],
    [3 * 3600, "3 h ago"],
    [20 * 3600, "yesterday"],
    [4 * 86_400, "18 Nov"],
    [400 * 86_400, "18 Oct 2025"],
  ])("%d seconds earlier reads %s", (seconds, text) => expect(formatAgo(before(seconds), now)).toBe(text));

  test("a clock that runs ahead reads as now", () => {
    expect(formatAgo(before(-30), now)).toBe("now");
  });
});
