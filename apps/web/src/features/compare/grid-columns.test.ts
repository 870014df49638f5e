import { describe, expect, test } from "vitest";
import { gridColumns, gridValue } from "./grid-columns.ts";

const columns = ["a", "b", "id", "c"].map((name) => ({ name, type: "INTEGER" }));
const shown = (key: string[], ...cells: string[][]) =>
  gridColumns(
    columns,
    key,
    cells.map((names) => ({ cells: names })),
  ).map(({ name, side }) => (side === "both" ? name : `${name} ${side}`));

test("the key is first, what differs stands twice, the rest is behind", () => {
  expect(shown(["id"], ["c"], [], ["a"])).toEqual(["id", "a before", "a after", "c before", "c after", "b"]);
});

test("keys of several columns keep their order, and whole rows the table's", () => {
  expect(shown(["c", "a"])).toEqual(["c", "a", "b", "id"]);
  expect(shown([], [])).toEqual(["a", "b", "id", "c"]);
});

test("a column that is new or gone stands on its own side", () => {
  const changes = [
    { column: "a", change: "removed" },
    { column: "b", change: "added" },
    { column: "c", change: "type" },
  ] as const;
  const sides = gridColumns(columns, ["id"], [], [...changes]).map(({ name, side }) => [name, side]);
  expect(sides).toEqual([
    ["id", "both"],
    ["a", "before"],
    ["b", "after"],
    ["c", "both"],
  ]);
});

describe("a cell", () => {
  const at = (side: "both" | "before" | "after") => ({ name: "b", type: "INTEGER", at: 1, side });
  test.each([
    [{ before: [1, 2], after: [1, null] }, "before", 2],
    [{ before: [1, 2], after: [1, null] }, "after", null],
    [{ before: [1, 2], after: [1, 3] }, "both", 3],
    [{ before: [1, 2], after: null }, "both", 2],
    [{ before: [1, 2], after: null }, "after", undefined],
    [{ before: null, after: [1, 3] }, "before", undefined],
  ] as const)("%j %s is %s", ({ before, after }, side, expected) => {
    const row = { before: before ? [...before] : null, after: after ? [...after] : null };
    expect(gridValue(row, at(side))).toBe(expected);
  });
});
