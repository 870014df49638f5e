import { expect, test } from "vitest";
import { type EpochDir, planWorkDir } from "./work-dir-plan.ts";

const dir = (epoch: number, overrides: Partial<EpochDir> = {}): EpochDir => ({
  epoch,
  hasFile: true,
  abandoned: true,
  ...overrides,
});

test.each([
  ["nothing is there and nothing was published: start empty", [], null, { kind: "fresh" }],
  ["nothing is there: copy the version", [], 3, { kind: "clone" }],
  ["the last writer is dead: go on in its folder", [dir(4)], 4, { kind: "adopt", from: 4 }],
  ["it never published: go on all the same", [dir(4)], null, { kind: "adopt", from: 4 }],
  ["the version is older than the folder: go on", [dir(5)], 3, { kind: "adopt", from: 5 }],
  ["its writer may live: copy the version", [dir(4, { abandoned: false })], 4, { kind: "clone" }],
  [
    "its writer may live, nothing published: start empty",
    [dir(4, { abandoned: false })],
    null,
    { kind: "fresh" },
  ],
  ["the folder has no file", [dir(4, { hasFile: false })], 4, { kind: "clone" }],
  ["another machine published since", [dir(4)], 5, { kind: "clone" }],
  ["of several folders only the newest counts", [dir(4), dir(6, { abandoned: false })], 6, { kind: "clone" }],
  ["of several folders the newest is taken", [dir(9), dir(10)], 10, { kind: "adopt", from: 10 }],
])("when %s", (_, dirs, publishedBy, plan) => {
  expect(planWorkDir(dirs, publishedBy)).toEqual(plan);
});
