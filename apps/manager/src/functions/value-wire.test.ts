import {
  BIGINT,
  BLOB,
  DATE,
  DECIMAL,
  DOUBLE,
  ENUM,
  LIST,
  STRUCT,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
  VARCHAR,
} from "@duckdb/node-api";
import type { JsonValue } from "@teatree/shared/contracts/functions";
import { describe, expect, test } from "vitest";
import { inferColumns } from "./infer-types.ts";
import { isIsoDate, isIsoTime, utcTimestamp } from "./iso-time.ts";
import { wireValue } from "./value-wire.ts";

describe("a value fits its column", () => {
  test.each([
    [1, BIGINT, "1"],
    ["9223372036854775807", BIGINT, "9223372036854775807"],
    [1e-7, DOUBLE, "1e-7"],
    ["-Infinity", DOUBLE, "-Infinity"],
    ["1.50", DECIMAL(4, 1), "1.50"],
    ["2020-02-29", DATE, "2020-02-29"],
    ["2020-01-01", TIMESTAMP, "2020-01-01 00:00:00"],
    ["2020-01-01T00:30:00+02:00", TIMESTAMP, "2019-12-31 22:30:00"],
    ["2020-01-01T00:30:00Z", TIMESTAMPTZ, "2020-01-01 00:30:00+00"],
    ["qqo=", BLOB, "qqo="],
    ["a", ENUM(["a", "b"]), "a"],
    ["00000000-0000-0000-0000-000000000001", UUID, "00000000-0000-0000-0000-000000000001"],
    [[1, null], LIST(BIGINT), ["1", null]],
    [{ x: 1 }, STRUCT({ x: BIGINT, y: VARCHAR }), { x: "1", y: null }],
    [null, BIGINT, null],
  ])("%j as %s", (value, type, wire) => {
    expect(wireValue(value, type)).toEqual({ wire });
  });

  test.each([
    [1.5, BIGINT, "expected a whole number, got 1.5"],
    [true, BIGINT, "expected a whole number, got true"],
    ["9223372036854775808", BIGINT, "9223372036854775808 does not fit BIGINT"],
    ["1,5", DOUBLE, 'expected a number, got "1,5"'],
    [12345, DECIMAL(4, 1), "12345 does not fit DECIMAL(4,1)"],
    ["2021-02-29", DATE, 'expected a date such as 2020-01-31, got "2021-02-29"'],
    [5, VARCHAR, "expected text, got 5"],
    ["c", ENUM(["a", "b"]), "expected one of ENUM('a', 'b'), got \"c\""],
    [[1, "x"], LIST(BIGINT), 'element 2: expected a whole number, got "x"'],
    [{ z: 1 }, STRUCT({ x: BIGINT }), 'the field "z" does not exist'],
  ])("%j is refused as %s", (value, type, problem) => {
    expect(wireValue(value, type)).toEqual({ problem });
  });
});

describe("types of a new table", () => {
  test.each<[Record<string, JsonValue>[], Record<string, string>]>([
    [[{ a: 1 }, { a: 2.5 }], { a: "DOUBLE" }],
    [[{ a: "2020-01-01" }, { a: "2020-01-01T00:00:00Z" }], { a: "VARCHAR" }],
    [[{ a: null }], { a: "VARCHAR" }],
    [[{ a: [] }, { a: [1] }], { a: "BIGINT[]" }],
    [[{ a: { x: 1 } }, { a: { y: "z" } }], { a: 'STRUCT("x" BIGINT, "y" VARCHAR)' }],
    [[{ a: 1 }, { A: 2 }], { a: "BIGINT" }],
    [[{ a: 2 ** 60 }], { a: "DOUBLE" }],
  ])("of %j", (rows, expected) => {
    const inferred = inferColumns(rows);
    if (!("columns" in inferred)) throw new Error(inferred.problem);
    expect(Object.fromEntries(inferred.columns.map(({ name, type }) => [name, type]))).toEqual(expected);
  });

  test("cannot be told when kinds are mixed, and the row is named", () => {
    expect(inferColumns([{ a: 1 }, { a: "x" }])).toEqual({
      row: 2,
      column: "a",
      problem: "expected BIGINT as in the rows before, got VARCHAR",
    });
  });
});

test("only real dates and times count as such", () => {
  expect(["2000-02-29", "1900-02-29", "2020-13-01", "2020-1-1", "x"].map(isIsoDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(["23:59:59.999", "24:00:00", "1:00:00"].map(isIsoTime)).toEqual([true, false, false]);
  expect(utcTimestamp("2020-01-01T25:00:00Z")).toBeUndefined();
  expect(utcTimestamp("2020-01-01 10:00")).toEqual({ utc: "2020-01-01 10:00:00", zoned: false });
});
