import { describe, expect, test } from "vitest";
import { detailSide, layOut, positionOf, ticksOf } from "./waterfall-layout.ts";

describe("the axis of a job's steps", () => {
  test("spans without a gap fill it in proportion", () => {
    const axis = layOut([
      { start: 0, duration: 25 },
      { start: 25, duration: 75 },
    ]);
    expect(axis.segments).toHaveLength(1);
    expect(positionOf(axis, 25)).toBeCloseTo(0.25);
    expect(positionOf(axis, 100)).toBe(1);
  });

  test("a long idle gap takes a fixed share and is counted as idle", () => {
    const axis = layOut([
      { start: 0, duration: 100 },
      { start: 60_100, duration: 100 },
    ]);
    expect(axis.segments.map((segment) => segment.folded)).toEqual([false, true, false]);
    expect(axis.idleMs).toBe(60_000);
    expect(axis.busyMs).toBe(200);
    expect(positionOf(axis, 60_100) - positionOf(axis, 100)).toBeCloseTo(0.05);
  });

  test("a short gap stays on the axis as it is", () => {
    const axis = layOut([
      { start: 0, duration: 100 },
      { start: 110, duration: 90 },
    ]);
    expect(axis.segments).toHaveLength(1);
    expect(positionOf(axis, 110)).toBeCloseTo(0.55);
  });

  test("a job of no time at all still has an axis", () => {
    const axis = layOut([{ start: 0, duration: 0 }]);
    expect(positionOf(axis, 0)).toBe(0);
    expect(ticksOf(axis)).toEqual([0]);
  });

  test("no step at all gives an empty axis", () => {
    const axis = layOut([]);
    expect(axis.segments).toEqual([]);
    expect(ticksOf(axis)).toEqual([]);
  });

  test("the whole axis is used whatever the gaps", () => {
    const spans = Array.from({ length: 12 }, (_, n) => ({ start: n * 10_000, duration: 50 }));
    const axis = layOut(spans);
    const last = axis.segments.at(-1);
    expect((last?.left ?? 0) + (last?.width ?? 0)).toBeCloseTo(1);
  });

  test("what comes before a version is readable keeps most of the axis beside a long archive", () => {
    const axis = layOut(
      [
        { start: 0, duration: 500 },
        { start: 400, duration: 4600 },
      ],
      500,
    );
    expect(positionOf(axis, 500)).toBeCloseTo(0.72);
    expect(positionOf(axis, 5000)).toBe(1);
    expect(axis.idleMs).toBe(0);
  });

  test("ticks are round and keep their distance", () => {
    const axis = layOut([{ start: 0, duration: 148 }]);
    expect(ticksOf(axis)).toEqual([0, 50, 100]);
  });
});

test.each([
  [{ left: 0, right: 0.1, length: 10, readable: 0.6 }, "right"],
  [{ left: 0.4, right: 0.55, length: 20, readable: 0.6 }, "left"],
  [{ left: 0.1, right: 0.5, length: 20, readable: 0.6 }, "right"],
  [{ left: 0.7, right: 1, length: 8, readable: 0.6 }, "left"],
  [{ left: 0.7, right: 0.75, length: 8, readable: 0.6 }, "right"],
] as const)("the detail of the bar %j stands on its %s", (bar, side) => expect(detailSide(bar)).toBe(side));
