import { describe, expect, test } from "vitest";
import { firstJsonError } from "./json-place.ts";

describe("JSON", () => {
  test.each([
    "",
    "[]",
    '{"a":[1,-0.5e3,{"b":null}],"ü\\n\\u00e4":"x"} ',
    '{"a":1}\n{"a":2}\n',
    "[[],{}]",
    "5",
  ])("%j has no error", (text) => {
    expect(firstJsonError(text)).toBeUndefined();
  });

  test.each([
    ['[{"a":1},\n{"a":oops},\n{"a":2}]', 15],
    ['{"a":1,}', 7],
    ["[1,]", 3],
    ["[1 2]", 3],
    ['{"a" 1}', 5],
    ["{a:1}", 1],
    ['[{"a":1}', 8],
    ['{"a":"x', 5],
    ["[1}", 2],
    ["]", 0],
    ["[01]", 2],
    ["NaN", 0],
    ["\ufeff[]", 0],
  ])("%j has its first error at %i", (text, offset) => {
    expect(firstJsonError(text)).toBe(offset);
  });
});
