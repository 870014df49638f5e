import { expect, test } from "vitest";
import { type ManagerSituation, nextStep, startBackoffMs } from "./lifecycle.ts";

type Row = [
  lease: ManagerSituation["lease"],
  ours: ManagerSituation["ours"],
  backingOff: boolean,
  step: ReturnType<typeof nextStep>,
];

const table: Row[] = [
  ["none", "none", false, "launch"],
  ["none", "none", true, "wait"],
  ["none", "running", false, "wait"],
  ["none", "running", true, "wait"],
  ["none", "overdue", false, "replace"],
  ["none", "overdue", true, "wait"],
  ["starting", "none", false, "wait"],
  ["starting", "running", false, "wait"],
  ["starting", "overdue", false, "wait"],
  ["ready", "none", false, "use"],
  ["ready", "running", false, "use"],
  ["ready", "none", true, "use"],
  ["suspect", "none", false, "launch"],
  ["suspect", "none", true, "wait"],
  ["suspect", "running", false, "wait"],
  ["suspect", "overdue", false, "replace"],
];

test.each(table)("a lease that is %s, ours %s, backing off %s: %s", (lease, ours, backingOff, step) => {
  expect(nextStep({ lease, ours, backingOff })).toBe(step);
});

test("failed starts wait longer each time, and never longer than 10 s", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(startBackoffMs)).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
});
