import { memo } from "react";
import { cellRole, rowHeadRole, rowRole } from "./grid-roles.ts";
import type { GridRange, GridSelection } from "./grid-selection.ts";
import type { GridColumn } from "./result-columns.ts";

export const ROW_PX = 28;
const TITLE_CHARS = 1000;

type RowsProps = {
  id: string;
  columns: GridColumn[];
  starts: number[];
  rows: { from: number; to: number };
  visible: { from: number; to: number };
  /** Pixels from the inner element's top to where row 0 would be drawn. */
  originPx: number;
  rowNumberPx: number;
  selection: GridSelection;
  range: GridRange;
  /** The active cell is only marked while the grid, or its copy menu, has the focus. */
  marked: boolean;
};

export function cellId(gridId: string, row: number, column: number): string {
  return `${gridId}-${row}-${column}`;
}

/** The rows of the window, each placed by itself: only what is seen is in the page. */
export const GridRows = memo(function GridRows(props: RowsProps) {
  const rows = Array.from({ length: props.rows.to - props.rows.from }, (_, at) => props.rows.from + at);
  return rows.map((row) => (
    <div
      key={row}
      {...rowRole(row)}
      style={{ transform: `translateY(${props.originPx + row * ROW_PX}px)`, height: ROW_PX }}
      className="absolute top-0 left-0 w-full border-b border-hair"
    >
      <div
        {...rowHeadRole()}
        style={{ width: props.rowNumberPx }}
        className={`sticky left-0 z-1 flex h-full items-center justify-end border-r border-hair px-2 text-micro text-ink-3 ${
          props.marked && props.selection.active.row === row ? "bg-leaf-soft" : "bg-well"
        }`}
      >
        {(row + 1).toLocaleString("en-US")}
      </div>
      <Cells {...props} row={row} />
    </div>
  ));
});

function Cells(props: RowsProps & { row: number }) {
  const { row, columns, starts, visible, selection, range, marked } = props;
  const rowMarked = marked && selection.active.row === row;
  return columns.slice(visible.from, visible.to).map((column, offset) => {
    const at = visible.from + offset;
    const active = rowMarked && selection.active.column === at;
    const inRange =
      marked && row >= range.top && row <= range.bottom && at >= range.left && at <= range.right;
    const text = column.display(row);
    return (
      <div
        key={at}
        id={cellId(props.id, row, at)}
        {...cellRole(at, inRange)}
        data-row={row}
        data-column={at}
        title={titleOf(column, row, text)}
        style={{
          left: (starts[at] ?? 0) + props.rowNumberPx,
          width: (starts[at + 1] ?? 0) - (starts[at] ?? 0),
        }}
        className={[
          "absolute top-0 h-full overflow-hidden border-r border-hair px-2.5 font-mono text-code leading-7 text-ellipsis whitespace-pre",
          column.kind === "number" ? "text-right" : "",
          inRange || rowMarked ? "bg-leaf-soft" : "",
          active ? "shadow-[inset_0_0_0_2px_var(--leaf)]" : "",
          text === null ? "text-ink-3 italic" : "",
        ].join(" ")}
      >
        {text === null ? "null" : text.replace(/[\r\n]+/g, " ")}
      </div>
    );
  });
}

/** What does not fit, or was rounded for reading, is in the tooltip whole. */
function titleOf(column: GridColumn, row: number, text: string | null): string | undefined {
  if (text === null) return undefined;
  const exact = column.exact(row) ?? "";
  if (exact === text && exact.length < 24) return undefined;
  return exact.length > TITLE_CHARS ? `${exact.slice(0, TITLE_CHARS)}…` : exact;
}
