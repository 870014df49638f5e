import { expect, test } from "vitest";
import { isLeftOver } from "./sweep.ts";

test.each([
  ["v7-e3.duckdb", true, false],
  ["v7-e3.duckdb", false, true],
  ["v7-e3.pack", false, true],
  ["v7-e3.pack", true, false],
  ["v7-e5.pack.unfinished", false, true],
  ["v7-e3.duckdb.0198b5a0-0000-7000-8000-000000000001.unfinished", false, true],
  ["v7-e5.duckdb.0198b5a0-0000-7000-8000-000000000001.unfinished", false, true],
  ["v7-e5.duckdb.0198b5a0-0000-7000-8000-000000000001.unfinished.wal", false, true],
  ["v7-e5.duckdb", false, false],
  ["v7-e9.duckdb", false, false],
  ["notes.txt", false, false],
])("at the start of epoch 5, %s (published: %s) is left over: %s", (name, published, expected) => {
  expect(isLeftOver(name, 5, published)).toBe(expected);
});
