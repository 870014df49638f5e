import type { ComparedRow, ComparedTable } from "@teatree/shared/contracts/compare";
import { cellText, isNumeric } from "../../ui/cell-text.ts";
import { cx } from "../../ui/class-names.ts";
import { SCROLLABLE } from "../../ui/scrollable.ts";
import { MARKS } from "./change-marks.ts";
import { type GridColumn, gridColumns, gridValue } from "./grid-columns.ts";
import type { Range } from "./use-comparison.ts";

/** Rows that differ, with what was beside what is. It scrolls inside itself; the sign of a row stays in view. */
export function RowGrid({
  range,
  table,
  columns,
  keyColumns,
  rows,
}: {
  range: Range;
  table: ComparedTable;
  columns: { name: string; type: string }[];
  keyColumns: string[];
  rows: ComparedRow[];
}) {
  const shown = gridColumns(columns, keyColumns, rows, table.schemaChanges);
  return (
    <section
      aria-label={`Rows of ${table.name} that differ`}
      {...SCROLLABLE}
      className="relative max-h-[70vh] overflow-auto"
    >
      <table className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            <th scope="col" className="sticky top-0 left-0 z-20 h-8 w-8 min-w-8 border-b border-line bg-well">
              <span className="sr-only">Change</span>
            </th>
            {shown.map((column) => (
              <th
                key={`${column.at} ${column.side}`}
                scope="col"
                title={column.type}
                className={cx(
                  "sticky top-0 z-10 h-8 border-b border-line bg-well px-3 text-meta font-medium whitespace-nowrap text-ink-2",
                  isNumeric(column.type) ? "text-right" : "text-left",
                )}
              >
                {column.name}
                {column.side === "both" ? null : (
                  <span className="font-mono font-normal text-ink-3">
                    {" "}
                    v{column.side === "before" ? range.before : range.after}
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Row key={`row-${index}`} row={row} columns={shown} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row, columns }: { row: ComparedRow; columns: GridColumn[] }) {
  const { sign, word, tone, ground } = MARKS[row.change];
  return (
    <tr>
      <td
        className={cx(
          "sticky left-0 z-1 h-7 border-b border-hair text-center font-mono text-code font-semibold",
          tone,
          ground,
        )}
      >
        <span aria-hidden="true">{sign}</span>
        <span className="sr-only">{word}</span>
      </td>
      {columns.map((column) => (
        <Cell key={`${column.at} ${column.side}`} row={row} column={column} />
      ))}
    </tr>
  );
}

function Cell({ row, column }: { row: ComparedRow; column: GridColumn }) {
  const value = gridValue(row, column);
  const { text, isNull } = cellText(value, column.type);
  const isMarked = row.change !== "changed" || row.cells.includes(column.name);
  const side = column.side === "both" ? (row.change === "removed" ? "before" : "after") : column.side;
  const mark = MARKS[side === "before" ? "removed" : "added"];
  const isColoured = isMarked && value !== undefined && (column.side !== "both" || row.change !== "changed");
  return (
    <td
      title={text.length > 40 ? text : undefined}
      className={cx(
        "h-7 max-w-72 truncate border-b border-hair px-3 font-mono text-code",
        isNumeric(column.type) && "text-right",
        isColoured && mark.ground,
        isColoured && column.side !== "both" && mark.tone,
        !isColoured && isNull && "text-ink-3",
        isNull && "italic",
      )}
    >
      {value === undefined ? <span className="sr-only">no such row</span> : text}
    </td>
  );
}
