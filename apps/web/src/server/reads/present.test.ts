import { expect, test } from "vitest";
import { presentTables } from "./present.ts";

function table(name: string, writtenVersion: number, derivedFrom: string[] = []) {
  return { table: name, rows: 1, columns: [], writtenBy: null, writtenVersion, derivedFrom };
}

test("a table is behind when a source was written after it, and only then", () => {
  const tables = presentTables([
    table("raw", 5),
    table("old_summary", 4, ["raw"]),
    table("same_time", 5, ["raw"]),
    table("new_summary", 6, ["raw", "gone"]),
  ]);
  expect(tables.map(({ name, behind }) => [name, behind])).toEqual([
    ["raw", false],
    ["old_summary", true],
    ["same_time", false],
    ["new_summary", false],
  ]);
});
