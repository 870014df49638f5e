import { expect, test } from "vitest";
import { isNotModified, rangeHolds } from "./conditions.ts";

const etag = '"abc"';

test.each([
  [undefined, false],
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ["*", true],
  ['"x"', false],
  ["abc", false],
])("If-None-Match %j matches: %j", (given, expected) => {
  expect(isNotModified({ "if-none-match": given }, etag)).toBe(expected);
});

test.each([
  [undefined, true],
  ['"abc"', true],
  ['W/"abc"', false],
  ['"x"', false],
  ["Sun, 22 Nov 2026 00:00:00 GMT", false],
])("If-Range %j lets a range through: %j", (given, expected) => {
  expect(rangeHolds({ "if-range": given }, etag)).toBe(expected);
});
