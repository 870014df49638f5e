import { expect, test } from "vitest";
import { isLeftOver } from "./sweep.ts";

test.each([
  ["v7-e3.duckdb", true, false],
  ["v7-e3.duckdb", false, true],
  ["v7-e3.manifest.json", false, true],
  ["v7-e3.manifest.json", true, false],
  ["v7-e3.duckdb.unfinished", false, true],
  ["v7-e5.duckdb.unfinished", false, true],
  ["v7-e5.duckdb", false, false],
  ["v7-e9.duckdb", false, false],
  ["notes.txt", false, false],
])("at the start of epoch 5, %s (published: %s) is left over: %s", (name, published, expected) => {
  expect(isLeftOver(name, 5, published)).toBe(expected);
});
