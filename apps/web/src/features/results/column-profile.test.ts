import { describe, expect, test } from "vitest";
import type { Plain } from "./arrow-values.ts";
import { profileColumn, profileSentence } from "./column-profile.ts";
import type { ColumnKind, GridColumn } from "./result-columns.ts";

function column(kind: ColumnKind, values: Plain[]): GridColumn {
  const text = (row: number) => {
    const value = values[row] ?? null;
    return value === null ? null : String(value);
  };
  return { name: "x", type: "X", kind, plain: (row) => values[row] ?? null, display: text, exact: text };
}

describe("the profile of a column", () => {
  test("numbers give a histogram in which every value is counted once", () => {
    const values = Array.from({ length: 1000 }, (_, at) => at / 10);
    const { histogram, nulls } = profileColumn(column("number", values), 1000);
    expect(histogram?.bins).toHaveLength(24);
    expect(histogram?.bins.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect([histogram?.least, histogram?.most, nulls]).toEqual(["0", "99.9", 0]);
  });

  test("few whole numbers get a bin each", () => {
    expect(profileColumn(column("number", [1, 2, 2, 4]), 4).histogram?.bins).toEqual([1, 2, 0, 1]);
  });

  test("times spread over days, and clock times over hours", () => {
    const days = profileColumn(column("time", ["2001-01-01 07:00:00", "2001-06-30 23:00:00"]), 2);
    expect([days.histogram?.least, days.histogram?.most]).toEqual(["2001-01-01", "2001-06-30"]);
    const clocks = profileColumn(column("time", ["07:00:00", "23:30:00"]), 2);
    expect([clocks.histogram?.least, clocks.histogram?.most]).toEqual(["07:00", "23:30"]);
  });

  test("text gives its most frequent values with their share of all rows", () => {
    const profile = profileColumn(column("text", ["ORD", "ATL", "ORD", null]), 4);
    expect(profile.top).toEqual([
      { value: "ORD", share: 0.5 },
      { value: "ATL", share: 0.25 },
    ]);
    expect([profile.nulls, profile.distinct]).toEqual([1, 2]);
    expect(profileSentence(profile)).toBe("1 null");
  });

  test("nothing, one value and infinities make no histogram and no error", () => {
    expect(profileColumn(column("number", []), 0).histogram).toBeNull();
    expect(profileColumn(column("number", [3, 3, 3]), 3).histogram).toBeNull();
    expect(
      profileColumn(column("number", [Number.NaN, Number.POSITIVE_INFINITY, 1]), 3).histogram,
    ).toBeNull();
    expect(profileColumn(column("time", ["infinity", "2001-01-01"]), 2).histogram).toBeNull();
  });

  test("of a long result only spread rows are looked at", () => {
    let reads = 0;
    const plain = (row: number) => {
      reads += 1;
      return row;
    };
    const long: GridColumn = { ...column("number", []), plain };
    const profile = profileColumn(long, 1_000_000, 100);
    expect(reads).toBe(100);
    expect(profile.histogram?.bins.reduce((sum, count) => sum + count, 0)).toBe(100);
  });
});
