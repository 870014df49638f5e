import { describe, expect, test } from "vitest";
import {
  afterScroll,
  columnStarts,
  innerHeight,
  MAX_SCROLL_PX,
  scrollTopFor,
  visibleColumns,
  visibleRows,
} from "./scaled-scroll.ts";

const ROW = 28;
const tenMillion = { contentPx: 10_000_000 * ROW, viewPx: 280 };
const small = { contentPx: 100 * ROW, viewPx: 280 };

describe("scaled scroll", () => {
  test("a short result scrolls as the browser does", () => {
    expect(afterScroll({ scrollTop: 0, top: 0 }, 500, small)).toEqual({ scrollTop: 500, top: 500 });
    expect(innerHeight(small)).toBe(2800);
  });

  test("the last of ten million rows is reached, and the first again", () => {
    const max = MAX_SCROLL_PX - tenMillion.viewPx;
    const end = afterScroll({ scrollTop: 0, top: 0 }, max, tenMillion);
    expect(end.top).toBe(tenMillion.contentPx - tenMillion.viewPx);
    const { to } = visibleRows(end.top, tenMillion.viewPx, ROW, 10_000_000, 0);
    expect(to).toBe(10_000_000);
    expect(afterScroll(end, 0, tenMillion).top).toBe(0);
  });

  test("a turn of the wheel moves rows by its own length among ten million", () => {
    const middle = afterScroll({ scrollTop: 0, top: 0 }, 4_000_000, tenMillion);
    const next = afterScroll(middle, 4_000_100, tenMillion);
    expect(next.top - middle.top).toBe(100);
  });

  test("dragging the bar goes in proportion", () => {
    const max = MAX_SCROLL_PX - tenMillion.viewPx;
    const half = afterScroll({ scrollTop: 0, top: 0 }, max / 2, tenMillion);
    expect(half.top / (tenMillion.contentPx - tenMillion.viewPx)).toBeCloseTo(0.5, 6);
  });

  test("the bar's place for a row leads back to that row", () => {
    const top = 7_654_321 * ROW;
    const scrollTop = scrollTopFor(top, tenMillion);
    const place = afterScroll({ scrollTop: 0, top: 0 }, scrollTop, tenMillion);
    expect(Math.abs(place.top - top)).toBeLessThan(1);
  });

  test("a result that fits does not scroll", () => {
    const fits = { contentPx: 56, viewPx: 280 };
    expect(afterScroll({ scrollTop: 0, top: 0 }, 10, fits)).toEqual({ scrollTop: 0, top: 0 });
    expect(scrollTopFor(28, fits)).toBe(0);
  });

  test("only columns that touch the window are drawn", () => {
    const starts = columnStarts([100, 50, 200, 80]);
    expect(starts).toEqual([0, 100, 150, 350, 430]);
    expect(visibleColumns(starts, 0, 120)).toEqual({ from: 0, to: 2 });
    expect(visibleColumns(starts, 150, 100)).toEqual({ from: 2, to: 3 });
    expect(visibleColumns(starts, 349, 500)).toEqual({ from: 2, to: 4 });
    expect(visibleColumns([0], 0, 500)).toEqual({ from: 0, to: 0 });
  });
});
