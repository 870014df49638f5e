import { expect, test } from "vitest";
import { collectedInWords, graceInWords, isWorthCompacting, policyInWords } from "./words.ts";

test.each([
  [null, null, "Every version is kept."],
  [1, null, "Only the current version is kept. Named versions stay."],
  [20, null, "Kept are the last 20 versions. Named versions stay."],
  [null, 1, "Kept are the versions that were current in the last 1 day. Named versions stay."],
  [
    20,
    30,
    "Kept are the last 20 versions and the versions that were current in the last 30 days. Named versions stay.",
  ],
])("last %s and days %s read as a sentence", (keepLast, keepDays, words) =>
  expect(policyInWords({ keepLast, keepDays })).toBe(words),
);

test.each([
  [0, "at once"],
  [1, "after 1 minute"],
  [90, "after 90 minutes"],
  [60, "after 1 hour"],
  [2_880, "after 2 days"],
])("%i minutes of grace are %s", (minutes, words) => expect(graceInWords(minutes)).toBe(words));

const nothing = {
  removedVersions: [],
  packsRemoved: 0,
  packsThinned: 0,
  archiveFilesRemoved: 0,
  bytesFreed: 0,
  bytesKept: 0,
  remaining: { versions: 0, bytes: 0, until: null },
};

test("a collection says what it freed and how", () => {
  const done = {
    ...nothing,
    removedVersions: [1, 2],
    packsRemoved: 1,
    packsThinned: 2,
    bytesFreed: 12_400_000,
  };
  expect(collectedInWords(done)).toEqual({
    title: "Freed 12.4 MB",
    detail: "2 versions removed, 1 pack removed, 2 packs thinned.",
  });
});

test("a collection that found nothing says so, and what waits", () => {
  expect(collectedInWords(nothing)).toEqual({
    title: "Nothing to free now",
    detail: "All that is stored is needed.",
  });
  const marked = { ...nothing, removedVersions: [1], remaining: { versions: 1, bytes: 2_000, until: null } };
  expect(collectedInWords(marked)).toEqual({
    title: "1 version removed",
    detail: "2.0 KB wait for the grace period.",
  });
  const waiting = { ...nothing, remaining: { versions: 1, bytes: 2_000, until: "2026-01-01T00:00:00Z" } };
  expect(collectedInWords(waiting).detail).toBe("2.0 KB wait for the grace period.");
});

test.each([
  [null, false],
  [{ bytes: 100_000_000, holeBytes: 20_000_000 }, false],
  [{ bytes: 20_000_000, holeBytes: 15_000_000 }, false],
  [{ bytes: 60_000_000, holeBytes: 16_000_001 }, true],
])("a file of %j is worth compacting: %s", (file, worth) => expect(isWorthCompacting(file)).toBe(worth));
