import { expect, test } from "vitest";
import { tokensOf } from "./sql-tokens.ts";

test("keywords, strings, numbers and comments are told apart", () => {
  const kinds = tokensOf("SELECT 'a''b', 12.5 -- why\nFROM t1").filter(({ kind }) => kind !== "plain");
  expect(kinds.map(({ kind, text }) => [kind, text])).toEqual([
    ["keyword", "SELECT"],
    ["string", "'a''b'"],
    ["number", "12.5"],
    ["comment", "-- why"],
    ["keyword", "FROM"],
  ]);
});

test.each(["", "select", "'open", "/* open", "日本語 'ü' 1e5", "a--\nb"])(
  "the parts of %j joined are the text again",
  (sql) => {
    expect(
      tokensOf(sql)
        .map(({ text }) => text)
        .join(""),
    ).toBe(sql);
  },
);
