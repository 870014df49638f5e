import { expect, test } from "vitest";
import { type PackPlan, planPack } from "./plan-pack.ts";

/** Slots of the given stored lengths; 0 is one that was dropped. */
const pack = (...stored: number[]) => ({
  slots: stored.map((bytes) => ({ offset: 8, stored: bytes, raw: 100 })),
});
const slots = (...numbers: number[]) => new Map(numbers.map((slot) => [slot, "hash"]));

test.each<[string, ReturnType<typeof pack>, ReturnType<typeof slots> | undefined, PackPlan]>([
  ["nobody needs it", pack(10, 10), undefined, "remove"],
  ["all of it is live", pack(10, 10), slots(0, 1), "leave"],
  ["six tenths are live", pack(40, 60), slots(1), "leave"],
  ["a little less is live", pack(41, 59), slots(1), "thin"],
  ["only its list is needed", pack(10, 10), slots(), "thin"],
  ["it was thinned to its list before", pack(0, 0), slots(), "leave"],
  ["what was dropped before does not count", pack(0, 10), slots(1), "leave"],
  ["a thinned one has lost more", pack(0, 10, 10, 10), slots(1), "thin"],
])("%s", (_, index, named, plan) => expect(planPack(index, named)).toBe(plan));
