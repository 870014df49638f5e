import { Batch, type BatchItem } from "@teatree/shared/contracts/manager-api";
import { expect, test } from "vitest";
import { type Circumstances, nextGroup, positionAfter, verdictOf } from "./decide.ts";

function item(sequence: number, baseVersion: number | null = null): BatchItem {
  const id = `00000000-0000-7000-8000-${String(sequence).padStart(12, "0")}`;
  const intent = {
    intentId: id,
    modelId: "00000000-0000-7000-8000-00000000aaaa",
    call: { function: "sql", args: { sql: "SELECT 1" } },
    baseVersion,
    submittedBy: "ada",
    submittedAt: "2026-01-01T00:00:00Z",
  };
  const [parsed] = Batch.parse({ items: [{ sequence, intent }] }).items;
  if (!parsed) throw new Error("unreachable");
  return parsed;
}
const usual: Circumstances = { attempts: 1, cancelRequested: false, currentVersion: 5, appliedBefore: false };

test.each([
  ["without a base version it runs", item(1), usual, undefined],
  ["on its base version it runs", item(1, 5), usual, undefined],
  ["on an older base version it is stale", item(1, 4), usual, "base_version_stale"],
  ["on a version that does not exist yet it is stale", item(1, 6), usual, "base_version_stale"],
  [
    "behind an applied one its base is stale",
    item(1, 5),
    { ...usual, appliedBefore: true },
    "base_version_stale",
  ],
  ["behind an applied one without a base it runs", item(1), { ...usual, appliedBefore: true }, undefined],
  ["a third attempt runs", item(1), { ...usual, attempts: 3 }, undefined],
  ["a fourth attempt is not made", item(1), { ...usual, attempts: 4 }, "crashed"],
  ["a cancelled one does not run", item(1, 4), { ...usual, cancelRequested: true, attempts: 4 }, "cancelled"],
])("%s", (_, subject, now, code) => {
  expect(verdictOf(subject, now)?.error.code).toBe(code);
});

const begun = (...attempts: [BatchItem, number][]) =>
  new Map(
    attempts.map(([{ intent }, count]) => [
      intent.intentId,
      { id: intent.intentId, attempts: count, cancelRequested: false },
    ]),
  );

test("intents that were never tried run together", () => {
  const items = [item(3), item(5)];
  const group = nextGroup(items, begun([item(3), 1], [item(5), 1]));
  expect(group.items.map((each) => each.sequence)).toEqual([3, 5]);
  expect(positionAfter(items, group)).toBe(5);
});

test("one that was tried before runs alone", () => {
  const items = [item(3), item(5), item(9)];
  const group = nextGroup(items, begun([item(3), 2], [item(5), 1], [item(9), 1]));
  expect(group.items.map((each) => each.sequence)).toEqual([3]);
  expect(group.uncounted.map((each) => each.sequence)).toEqual([5, 9]);
  expect(positionAfter(items, group)).toBe(3);
});

test("intents without an open row are passed over, and the position moves over them", () => {
  const items = [item(3), item(4), item(5), item(6)];
  const group = nextGroup(items, begun([item(3), 2], [item(5), 1]));
  expect(group.items.map((each) => each.sequence)).toEqual([3]);
  expect(positionAfter(items, group)).toBe(4);
  expect(positionAfter(items, nextGroup(items, new Map()))).toBe(6);
});
