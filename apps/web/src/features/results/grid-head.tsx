import { memo, type PointerEvent } from "react";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { clampWidth } from "./column-widths.ts";
import { columnHeadRole, rowRole } from "./grid-roles.ts";
import type { ColumnKind, GridColumn } from "./result-columns.ts";

const KIND_ICONS: Record<ColumnKind, IconName> = {
  number: "number",
  text: "text",
  time: "date",
  boolean: "bool",
  nested: "nested",
  binary: "file",
};

type HeadProps = {
  columns: GridColumn[];
  starts: number[];
  from: number;
  to: number;
  rowNumberPx: number;
  active: number;
  onResize: (column: number, width: number) => void;
  onFit: (column: number) => void;
};

/** The sticky head: what a column is called and what it holds. */
export const GridHead = memo(function GridHead(props: HeadProps) {
  const { columns, starts, from, to, rowNumberPx } = props;
  return (
    <div {...rowRole(-1)} className="sticky top-0 z-2 h-8 border-b border-line bg-well">
      <div
        {...columnHeadRole(-1)}
        style={{ width: rowNumberPx }}
        className="sticky left-0 z-3 flex h-full items-center justify-end border-r border-hair bg-well px-2 text-micro text-ink-3"
      >
        row
      </div>
      {columns.slice(from, to).map((column, offset) => {
        const at = from + offset;
        const left = (starts[at] ?? 0) + rowNumberPx;
        const width = (starts[at + 1] ?? 0) - (starts[at] ?? 0);
        return (
          <div
            key={at}
            {...columnHeadRole(at)}
            title={`${column.name} ${column.type}`}
            style={{ left, width }}
            className="absolute top-0 flex h-full items-center gap-1.5 overflow-hidden border-r border-hair px-2.5"
          >
            <Icon name={KIND_ICONS[column.kind]} size="xs" className="text-ink-3" />
            <span
              className={`min-w-0 truncate text-ui font-medium ${at === props.active ? "text-leaf-ink" : ""}`}
            >
              {column.name}
            </span>
            <span className="ml-auto max-w-28 truncate pl-1 font-mono text-micro text-ink-3">
              {column.type.toLowerCase()}
            </span>
            <Handle
              width={width}
              onResize={(next) => props.onResize(at, next)}
              onFit={() => props.onFit(at)}
            />
          </div>
        );
      })}
    </div>
  );
});

/** Drags the right edge of a column; keyboards use Shift Alt ← → in the grid. */
function Handle(props: { width: number; onResize: (width: number) => void; onFit: () => void }) {
  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const startX = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const drag = (moved: globalThis.PointerEvent) =>
      props.onResize(clampWidth(props.width + moved.clientX - startX));
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", drag), {
      once: true,
    });
  };
  return (
    <span
      aria-hidden="true"
      onPointerDown={begin}
      onDoubleClick={props.onFit}
      className="absolute top-0 right-0 h-full w-1.5 cursor-col-resize touch-none hover:bg-leaf-line"
    />
  );
}
