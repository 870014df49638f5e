import { expect, test } from "vitest";
import { callPlace } from "./call-place.ts";

const chain = "return frame\n  .filter(x)\n  .sort(by('sort'))\n  .limit(1);\nother.sort(1)";

test.each([
  [
    "a bracket stands for the name before it",
    "a.sort (1)",
    { line: 1, column: 8 },
    undefined,
    { line: 1, column: 3 },
  ],
  ["on any line", "a\r\n .sort(1)", { line: 2, column: 7 }, undefined, { line: 2, column: 3 }],
  ["a bracket without a name stays", "(1)", { line: 1, column: 1 }, undefined, { line: 1, column: 1 }],
  [
    "a return stands for its last call of that name",
    chain,
    { line: 1, column: 1 },
    "sort",
    { line: 3, column: 4 },
  ],
  ["a return without such a call stays", chain, { line: 1, column: 1 }, "agg", { line: 1, column: 1 }],
  ["anything else stays", chain, { line: 5, column: 1 }, "sort", { line: 5, column: 1 }],
])("%s", (_, code, told, failed, expected) => {
  expect(callPlace(code, told, failed)).toEqual(expected);
});
