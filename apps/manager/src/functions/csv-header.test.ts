import { expect, test } from "vitest";
import { csvHeader } from "./csv-header.ts";

test.each([
  ["a,b;c\n1,2", {}, ",", ["a", "b;c"]],
  ["a;b;c,d\n", {}, ";", ["a", "b", "c,d"]],
  ["a\tb", {}, "\t", ["a", "b"]],
  ['"a;,\n x";b\n', {}, ";", ["a;,\n x", "b"]],
  ["\ufeffname\nx", {}, ",", ["name"]],
  ["a|b,c", { delimiter: "|" }, "|", ["a", "b,c"]],
])("the header of %j", (text, options, delimiter, fields) => {
  expect(csvHeader(text, options)).toEqual({ delimiter, fields });
});
