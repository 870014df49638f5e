import { describe, expect, test } from "vitest";
import { FIRST_CELL, type GridSelection, moveSelection, rangeAsTsv, rangeOf } from "./grid-selection.ts";

const size = { rows: 100, columns: 5, pageRows: 10 };
const at = (row: number, column: number): GridSelection => ({
  active: { row, column },
  anchor: { row, column },
});
const press = (selection: GridSelection, key: string, held: { shift?: boolean; control?: boolean } = {}) =>
  moveSelection(selection, { key, shift: held.shift ?? false, control: held.control ?? false }, size);

describe("grid selection", () => {
  test.each([
    ["ArrowDown", {}, at(6, 2)],
    ["ArrowUp", {}, at(4, 2)],
    ["ArrowLeft", {}, at(5, 1)],
    ["ArrowRight", {}, at(5, 3)],
    ["Home", {}, at(5, 0)],
    ["End", {}, at(5, 4)],
    ["PageDown", {}, at(15, 2)],
    ["PageUp", {}, at(0, 2)],
    ["Home", { control: true }, at(0, 0)],
    ["End", { control: true }, at(99, 4)],
    ["ArrowDown", { control: true }, at(99, 2)],
  ])("%s with %o moves the active cell", (key, held, expected) => {
    expect(press(at(5, 2), key, held)).toEqual(expected);
  });

  test("it stays within the result", () => {
    expect(press(FIRST_CELL, "ArrowUp")).toEqual(FIRST_CELL);
    expect(press(at(99, 4), "PageDown")).toEqual(at(99, 4));
  });

  test("shift keeps the corner where the range began", () => {
    const range = press(at(5, 2), "ArrowUp", { shift: true });
    expect(range).toEqual({ active: { row: 4, column: 2 }, anchor: { row: 5, column: 2 } });
    expect(range && rangeOf(range)).toEqual({ top: 4, bottom: 5, left: 2, right: 2 });
  });

  test("control and A selects everything; other keys do not move", () => {
    const all = press(at(5, 2), "a", { control: true });
    expect(all && rangeOf(all)).toEqual({ top: 0, bottom: 99, left: 0, right: 4 });
    expect(press(at(5, 2), "x")).toBeNull();
  });

  test("a copied range is what a spreadsheet pastes", () => {
    const cells = [
      ["a", null, 'say "hi"\nthere'],
      ["1", "x\ty", ""],
    ];
    const text = rangeAsTsv(
      { top: 0, bottom: 1, left: 0, right: 2 },
      (row, column) => cells[row]?.[column] ?? null,
    );
    expect(text).toBe('a\t\t"say ""hi""\nthere"\n1\t"x\ty"\t');
  });
});
