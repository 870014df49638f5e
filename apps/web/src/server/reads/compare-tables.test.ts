import { describe, expect, test } from "vitest";
import { columnChanges, compareTables, type TableFacts } from "./compare-tables.ts";

const column = (name: string, type = "INTEGER", nullable = true) => ({ name, type, nullable });
const facts = (table: string, more: Partial<TableFacts> = {}): TableFacts => ({
  table,
  rows: 3,
  columns: [column("a")],
  schemaHash: "s",
  contentHash: "c",
  ...more,
});

describe("the tables of two versions", () => {
  test.each([
    ["new", [], [facts("t")], { change: "added", rowsBefore: null, rowsAfter: 3 }],
    ["gone", [facts("t")], [], { change: "removed", rowsBefore: 3, rowsAfter: null }],
    ["written", [facts("t")], [facts("t", { contentHash: "d" })], { change: "changed", sameContent: false }],
    ["untouched", [facts("t")], [facts("t")], { change: "unchanged", sameContent: true }],
    ["of another schema", [facts("t")], [facts("t", { schemaHash: "z" })], { change: "changed" }],
  ])("a table that is %s", (_word, before, after, expected) => {
    expect(compareTables(before, after)).toMatchObject([expected]);
  });

  test("come by name", () => {
    const names = compareTables([facts("b"), facts("c")], [facts("a"), facts("c")]).map(({ name }) => name);
    expect(names).toEqual(["a", "b", "c"]);
  });
});

test.each([
  ["nothing", [column("a")], [column("a")], []],
  ["a new column", [], [column("a")], [{ column: "a", change: "added", after: "INTEGER" }]],
  ["one that is gone", [column("a")], [], [{ column: "a", change: "removed", before: "INTEGER" }]],
  [
    "another type and no null",
    [column("a")],
    [column("a", "BIGINT", false)],
    [
      { column: "a", change: "type", before: "INTEGER", after: "BIGINT" },
      { column: "a", change: "nullable", before: "NULL", after: "NOT NULL" },
    ],
  ],
])("columns: %s", (_word, before, after, expected) => {
  expect(columnChanges(before, after)).toEqual(expected);
});
