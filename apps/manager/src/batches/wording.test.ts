import { expect, test } from "vitest";
import { wordBytes, wordChanges, wordNotification } from "./wording.ts";

test.each([
  [[], "No table changed."],
  [[{ table: "t", rowsBefore: 1_000, rowsAfter: 3_000_000 }], "t 1,000 → 3,000,000 rows"],
  [[{ table: "t", rowsBefore: null, rowsAfter: 1 }], "t is new with 1 row"],
  [[{ table: "t", rowsBefore: 5, rowsAfter: null }], "t was dropped"],
  [[{ table: "t", rowsBefore: 5, rowsAfter: 5 }], "t changed, still 5 rows"],
  [
    ["a", "b", "c", "d"].map((table) => ({ table, rowsBefore: 1, rowsAfter: 2 })),
    "a 1 → 2 rows, b 1 → 2 rows, c 1 → 2 rows, and 1 more",
  ],
])("the changes %j read “%s”", (changes, words) => {
  expect(wordChanges(changes)).toBe(words);
});

test.each([
  [{ status: "applied" as const, changes: [] }, 7, "Version 7: append"],
  [
    { status: "failed" as const, changes: [], error: { code: "sql_error", message: "No." } },
    null,
    "append failed",
  ],
  [{ status: "cancelled" as const, changes: [] }, null, "append was cancelled"],
])("the notification of %j has a title", (outcome, version, title) => {
  expect(wordNotification("append", outcome, version).title).toBe(title);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [273_400, "273.4 kB"],
  [999_990, "1.0 MB"],
  [13_500_000, "13.5 MB"],
  [4_000_000_000, "4.0 GB"],
])("%i bytes read %s", (bytes, words) => {
  expect(wordBytes(bytes)).toBe(words);
});
