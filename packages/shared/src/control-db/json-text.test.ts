import { describe, expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

describe("JSON for PostgreSQL", () => {
  test.each([
    ["a NUL", "a\0b", "a\uFFFDb"],
    ["half of a pair", "a\ud83d", "a\uFFFD"],
    ["a whole pair", "😀", "😀"],
    ["a backslash and u0000 as text", "\\u0000", "\\u0000"],
    ["numbers and nulls", [1, null, true], [1, null, true]],
    ["what lies deep, names too", { rows: [[{ "k\0": "\0" }]] }, { rows: [[{ "k\uFFFD": "\uFFFD" }]] }],
    ["times beside it", { at: new Date(0), x: "\0" }, { at: "1970-01-01T00:00:00.000Z", x: "\uFFFD" }],
  ])("holds %s as it can be stored", (_, value, stored) => {
    expect(JSON.parse(jsonText(value))).toEqual(stored);
  });
});
