import type { GridColumn, GridData } from "./result-columns.ts";

const LEAST_PX = 72;
const MOST_PX = 380;
/** Width of one character of the grid's face at 12.5 px, and of the head's at 13 px. */
const CELL_CHAR_PX = 7.5;
const HEAD_CHAR_PX = 7.4;
const PADDING_PX = 22;
const SAMPLE_ROWS = 60;

/** Width of the row-number column for numbers up to `rowCount`, in pixels. */
export function rowNumberWidth(rowCount: number): number {
  return Math.max(48, rowCount.toLocaleString("en-US").length * 6.7 + 20);
}

/** Widths that show the first rows whole where that is possible; spare room is shared so that the grid fills its place. */
export function startingWidths(data: GridData, roomPx: number): number[] {
  const wished = data.columns.map((column) => wishedWidth(column, Math.min(SAMPLE_ROWS, data.rowCount)));
  const spare = roomPx - wished.reduce((sum, width) => sum + width, 0);
  if (spare <= 0 || wished.length === 0) return wished;
  const share = Math.floor(spare / wished.length);
  const rest = spare - share * wished.length;
  return wished.map((width, at) => width + share + (at === wished.length - 1 ? rest : 0));
}

/** The width that shows the column's name, type and first rows whole, in pixels. */
export function wishedWidth(column: GridColumn, rows: number): number {
  let longest = 4;
  for (let row = 0; row < rows; row += 1) {
    longest = Math.max(longest, Math.min(60, column.display(row)?.length ?? 4));
  }
  const head = column.name.length * HEAD_CHAR_PX + Math.min(column.type.length, 12) * 6.6 + 40;
  return clampWidth(Math.max(longest * CELL_CHAR_PX, head) + PADDING_PX, MOST_PX);
}

export function clampWidth(width: number, most = 1200): number {
  return Math.round(Math.min(Math.max(width, LEAST_PX), most));
}
