import { expect, test } from "vitest";
import { cellText, isNumeric, typeIcon } from "./cell-text.ts";

test.each([
  [null, "BIGINT", "null"],
  [-62, "BIGINT", "−62"],
  [3_000_000, "INTEGER", "3,000,000"],
  ["9007199254740993", "BIGINT", "9,007,199,254,740,993"],
  ["-170141183460469231731", "HUGEINT", "−170,141,183,460,469,231,731"],
  [1.5, "DOUBLE", "1.5"],
  ["12.30", "DECIMAL(18,2)", "12.30"],
  ["2001-01-01T07:47:00Z", "TIMESTAMP", "2001-01-01 07:47:00"],
  ["2001-01-01T07:47:00.250Z", "TIMESTAMP", "2001-01-01 07:47:00.250"],
  ["null", "VARCHAR", "null"],
  [true, "BOOLEAN", "true"],
  [{ a: [1] }, "STRUCT(a INTEGER[])", '{"a":[1]}'],
])("%j of type %s reads %s", (value, type, text) => expect(cellText(value, type).text).toBe(text));

test("a null is told from the text null", () => {
  expect([cellText(null, "VARCHAR").isNull, cellText("null", "VARCHAR").isNull]).toEqual([true, false]);
});

test.each([
  ["BIGINT", true, "number"],
  ["UTINYINT", true, "number"],
  ["DECIMAL(18,2)", true, "number"],
  ["VARCHAR", false, "text"],
  ["TIMESTAMP WITH TIME ZONE", false, "date"],
  ["INTERVAL", false, "date"],
  ["INTEGER[]", false, "nested"],
  ["STRUCT(a INTEGER)", false, "nested"],
])("%s is numeric: %s, with the icon %s", (type, numeric, icon) => {
  expect([isNumeric(type), typeIcon(type)]).toEqual([numeric, icon]);
});
