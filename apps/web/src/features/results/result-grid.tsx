"use client";

import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { clampWidth, rowNumberWidth, startingWidths, wishedWidth } from "./column-widths.ts";
import { GridHead, HEAD_PX, TALL_HEAD_PX } from "./grid-head.tsx";
import { gridRole } from "./grid-roles.ts";
import { cellId, GridRows, ROW_PX } from "./grid-rows.tsx";
import {
  FIRST_CELL,
  type GridPoint,
  type GridSelection,
  moveSelection,
  rangeAsTsv,
  rangeOf,
} from "./grid-selection.ts";
import type { GridData } from "./result-columns.ts";
import { columnStarts, innerHeight, visibleColumns, visibleRows } from "./scaled-scroll.ts";
import { useGridScroll } from "./use-grid-scroll.ts";
import { useProfiles } from "./use-profiles.ts";
import { ValueDialog } from "./value-dialog.tsx";

const SHOWN_ROWS = 10;
/** Below this many rows one sees them all at once; a summary would only take their place. */
const PROFILED_ROWS = 8;
const COPY_CELLS = 5_000_000;

/**
 * A result as a grid: only the rows and columns in view are in the page, however many there are. One tab stop; arrows,
 * Home, End and Page keys move, Shift extends, Ctrl C copies as tab-separated text, Enter shows a value whole,
 * Shift Alt ← → widens the column.
 */
export function ResultGrid({ data, label }: { data: GridData; label: string }) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [selection, setSelection] = useState<GridSelection>(FIRST_CELL);
  const [marked, setMarked] = useState(false);
  const [opened, setOpened] = useState(false);
  const [copied, setCopied] = useState("");
  const [resized, setResized] = useState<{ data: GridData; widths: number[] } | null>(null);

  const profiles = useProfiles(data);
  const profiled = data.rowCount >= PROFILED_ROWS;
  const headPx = profiled ? TALL_HEAD_PX : HEAD_PX;
  const shownRows = Math.min(SHOWN_ROWS, Math.max(1, data.rowCount));
  const viewPx = shownRows * ROW_PX;
  const sizes = useMemo(() => ({ contentPx: data.rowCount * ROW_PX, viewPx }), [data.rowCount, viewPx]);
  const rowNumberPx = rowNumberWidth(data.rowCount);
  const { view, read, show } = useGridScroll(scroller, sizes, rowNumberPx);
  const room = Math.max(0, view.widthPx - rowNumberPx);
  const widths = useMemo(
    () => (resized?.data === data ? resized.widths : startingWidths(data, room)),
    [resized, data, room],
  );
  const starts = useMemo(() => columnStarts(widths), [widths]);
  const totalPx = (starts.at(-1) ?? 0) + rowNumberPx;
  const columns = visibleColumns(starts, view.left, room);
  const rows = visibleRows(view.top, viewPx, ROW_PX, data.rowCount, 4);
  const range = useMemo(() => rangeOf(selection), [selection]);

  const resize = useCallback(
    (column: number, width: number) => setResized({ data, widths: widths.with(column, clampWidth(width)) }),
    [data, widths],
  );
  const fit = useCallback(
    (column: number) => {
      const of = data.columns[column];
      if (of) resize(column, wishedWidth(of, Math.min(data.rowCount, 1000)));
    },
    [data, resize],
  );

  const select = (next: GridSelection) => {
    setSelection(next);
    const { row, column } = next.active;
    show(row * ROW_PX, ROW_PX, starts[column] ?? 0, starts[column + 1] ?? 0);
  };

  const copy = () => {
    const cells = (range.bottom - range.top + 1) * (range.right - range.left + 1);
    if (cells > COPY_CELLS) return setCopied("Too many cells to copy; download the result instead.");
    const text = rangeAsTsv(range, (row, column) => data.columns[column]?.exact(row) ?? null);
    navigator.clipboard.writeText(text).then(
      () => setCopied(`Copied ${cells.toLocaleString("en-US")} ${cells === 1 ? "cell" : "cells"}`),
      () => setCopied("The browser refused to copy"),
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const control = event.ctrlKey || event.metaKey;
    const { column } = selection.active;
    const wider = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (event.altKey && event.shiftKey && wider !== undefined) {
      resize(column, (widths[column] ?? 0) + wider);
    } else if (event.altKey) {
      return;
    } else if (control && event.key.toLowerCase() === "c") {
      copy();
    } else if (event.key === "Enter" && !control && !event.shiftKey) {
      setOpened(true);
    } else {
      const size = { rows: data.rowCount, columns: data.columns.length, pageRows: shownRows };
      const next = moveSelection(selection, { key: event.key, shift: event.shiftKey, control }, size);
      if (!next) return;
      select(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onPointerDown = (event: PointerEvent) => {
    const active = event.button === 0 ? pointOf(event) : null;
    if (active) setSelection({ active, anchor: event.shiftKey ? selection.anchor : active });
  };
  const onPointerMove = (event: PointerEvent) => {
    const active = event.buttons === 1 && event.pointerType === "mouse" ? pointOf(event) : null;
    if (active && (active.row !== selection.active.row || active.column !== selection.active.column)) {
      setSelection({ active, anchor: selection.anchor });
    }
  };

  const { active } = selection;
  const activeShown =
    active.row >= rows.from &&
    active.row < rows.to &&
    active.column >= columns.from &&
    active.column < columns.to;
  const activeId = activeShown && data.rowCount > 0 ? cellId(id, active.row, active.column) : undefined;
  const interaction = {
    ...gridRole(data.rowCount, data.columns.length, activeId),
    "aria-label": label,
    onScroll: read,
    onKeyDown,
    onPointerDown,
    onPointerMove,
    onDoubleClick: (event: MouseEvent) => (pointOf(event) ? setOpened(true) : undefined),
    onFocus: () => setMarked(true),
    onBlur: () => setMarked(false),
  };
  return (
    <>
      <div
        ref={scroller}
        {...interaction}
        style={{ height: headPx + viewPx + (totalPx > view.widthPx + 1 ? 12 : 0) }}
        className="grid-scroller relative overflow-auto bg-paper select-none focus-visible:-outline-offset-2"
      >
        <div
          style={{ height: headPx + innerHeight(sizes), width: totalPx, minWidth: "100%" }}
          className="relative"
        >
          <GridHead
            profiles={profiled ? profiles : null}
            columns={data.columns}
            starts={starts}
            {...columns}
            rowNumberPx={rowNumberPx}
            active={marked ? active.column : -1}
            onResize={resize}
            onFit={fit}
          />
          <GridRows
            id={id}
            columns={data.columns}
            starts={starts}
            rows={rows}
            visible={columns}
            originPx={headPx + view.scrollTop - view.top}
            rowNumberPx={rowNumberPx}
            selection={selection}
            range={range}
            marked={marked}
          />
          {data.rowCount === 0 ? (
            <p className="sticky left-0 w-fit px-3 text-ui leading-7 text-ink-3">
              No rows. The columns are above.
            </p>
          ) : null}
        </div>
      </div>
      <span role="status" className="sr-only">
        {copied}
      </span>
      <ValueDialog
        open={opened}
        onClose={() => {
          setOpened(false);
          scroller.current?.focus();
        }}
        column={data.columns[active.column]}
        row={active.row}
      />
    </>
  );
}

function pointOf({ target }: { target: EventTarget | null }): GridPoint | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : null;
}
