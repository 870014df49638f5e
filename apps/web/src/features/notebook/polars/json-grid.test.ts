import { expect, test } from "vitest";
import { jsonGrid } from "./json-grid.ts";

test.each([
  ["BIGINT", 1234567, "1,234,567", "1234567", 1234567, "number"],
  ["BIGINT", "9007199254740993", "9,007,199,254,740,993", "9007199254740993", 9007199254740993n, "number"],
  ["DOUBLE", -0.123456789, "−0.123457", "-0.123456789", -0.123456789, "number"],
  ["VARCHAR", "12", "12", "12", "12", "text"],
  [
    "TIMESTAMP",
    "2001-01-01T07:46:00",
    "2001-01-01 07:46:00",
    "2001-01-01T07:46:00",
    "2001-01-01T07:46:00",
    "time",
  ],
  ["BIGINT[]", [1, null], "[1,null]", "[1,null]", [1, null], "nested"],
  ["BOOLEAN", true, "true", "true", true, "boolean"],
  ["BIGINT", null, null, null, null, "number"],
])("a %s %j stands in the grid as %j", (type, value, display, exact, plain, kind) => {
  const { columns, rowCount } = jsonGrid([{ name: "a", type }], [[value]]);
  expect(rowCount).toBe(1);
  expect(columns[0]).toMatchObject({ name: "a", type, kind });
  expect([columns[0]?.display(0), columns[0]?.exact(0), columns[0]?.plain(0)]).toEqual([
    display,
    exact,
    plain,
  ]);
});
