import type { ComparedRow } from "@teatree/shared/contracts/compare";
import type { PreviewTable } from "@teatree/shared/contracts/preview";
import { expect, test } from "vitest";
import { sampleColumns } from "./sample-columns.ts";

function tableOf(names: string[], rows: ComparedRow[]): PreviewTable {
  const columns = names.map((name) => ({ name, type: "BIGINT" }));
  return {
    table: "t",
    change: "changed",
    rowsBefore: 1,
    rowsAfter: 1,
    added: 0,
    changed: rows.length,
    removed: 0,
    matchedBy: "place",
    key: [],
    schemaChanges: [],
    sample: { columns, rows },
  };
}
const changed = (cells: string[]): ComparedRow => ({
  change: "changed",
  key: [],
  before: [],
  after: [],
  cells,
});
const added: ComparedRow = { change: "added", key: [], before: null, after: [], cells: [] };
const shown = (table: PreviewTable, all = false) =>
  sampleColumns(table, all).columns.map(({ name, side }) => (side === "both" ? name : `${name} ${side}`));

test("a column that changed in any row stands twice, in its place", () => {
  const table = tableOf(["a", "b", "c"], [changed(["b"]), changed(["c"]), added]);
  expect(shown(table)).toEqual(["a", "b before", "b after", "c before", "c after"]);
});

test("of a wide table only some columns stand beside those that changed, until all are asked for", () => {
  const names = [..."abcdefgh"];
  const table = tableOf(names, [changed(["g"])]);
  expect(shown(table)).toEqual(["a", "b", "c", "g before", "g after"]);
  expect(sampleColumns(table, false).hidden).toBe(4);
  expect(shown(table, true)).toHaveLength(9);
  expect(sampleColumns(table, true).hidden).toBe(0);
});

test("rows that only came or went show the first columns once", () => {
  expect(shown(tableOf([..."abcdefgh"], [added]))).toEqual([..."abcdef"]);
});
