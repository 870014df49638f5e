export type GridPoint = { row: number; column: number };

/** The active cell and the corner the range was begun at; equal when one cell is selected. */
export type GridSelection = { active: GridPoint; anchor: GridPoint };

export type GridSize = { rows: number; columns: number; pageRows: number };

export type GridKey = { key: string; shift: boolean; control: boolean };

export const FIRST_CELL: GridSelection = { active: { row: 0, column: 0 }, anchor: { row: 0, column: 0 } };

/** The selection after a key, or null when the key does not move: the keys of the WAI-ARIA grid pattern. */
export function moveSelection(
  selection: GridSelection,
  { key, shift, control }: GridKey,
  size: GridSize,
): GridSelection | null {
  if (control && key.toLowerCase() === "a") {
    return { anchor: { row: 0, column: 0 }, active: { row: size.rows - 1, column: size.columns - 1 } };
  }
  const target = step(selection.active, key, control, size);
  if (!target) return null;
  const active = {
    row: clamp(target.row, size.rows),
    column: clamp(target.column, size.columns),
  };
  return { active, anchor: shift ? selection.anchor : active };
}

function step(from: GridPoint, key: string, control: boolean, size: GridSize): GridPoint | null {
  const { row, column } = from;
  switch (key) {
    case "ArrowUp":
      return { row: control ? 0 : row - 1, column };
    case "ArrowDown":
      return { row: control ? size.rows - 1 : row + 1, column };
    case "ArrowLeft":
      return { row, column: control ? 0 : column - 1 };
    case "ArrowRight":
      return { row, column: control ? size.columns - 1 : column + 1 };
    case "PageUp":
      return { row: row - size.pageRows, column };
    case "PageDown":
      return { row: row + size.pageRows, column };
    case "Home":
      return { row: control ? 0 : row, column: 0 };
    case "End":
      return { row: control ? size.rows - 1 : row, column: size.columns - 1 };
    default:
      return null;
  }
}

function clamp(value: number, count: number): number {
  return Math.min(Math.max(value, 0), Math.max(0, count - 1));
}

export type GridRange = { top: number; bottom: number; left: number; right: number };

/** The range with both corners in it. */
export function rangeOf({ active, anchor }: GridSelection): GridRange {
  return {
    top: Math.min(active.row, anchor.row),
    bottom: Math.max(active.row, anchor.row),
    left: Math.min(active.column, anchor.column),
    right: Math.max(active.column, anchor.column),
  };
}

/** Tab-separated text of a range as spreadsheets paste it; null is empty, a field with a tab or line break is quoted. */
export function rangeAsTsv(range: GridRange, text: (row: number, column: number) => string | null): string {
  const lines: string[] = [];
  for (let row = range.top; row <= range.bottom; row += 1) {
    const fields: string[] = [];
    for (let column = range.left; column <= range.right; column += 1)
      fields.push(tsvField(text(row, column)));
    lines.push(fields.join("\t"));
  }
  return lines.join("\n");
}

function tsvField(value: string | null): string {
  if (value === null) return "";
  return /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
