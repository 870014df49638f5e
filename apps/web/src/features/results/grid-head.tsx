import { memo, type PointerEvent } from "react";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { type ColumnProfile, profileSentence } from "./column-profile.ts";
import { clampWidth } from "./column-widths.ts";
import { columnHeadRole, rowRole } from "./grid-roles.ts";
import { ProfileView } from "./profile-view.tsx";
import type { ColumnKind, GridColumn } from "./result-columns.ts";

export const HEAD_PX = 32;
export const TALL_HEAD_PX = 64;

const KIND_ICONS: Record<ColumnKind, IconName> = {
  number: "number",
  text: "text",
  time: "date",
  boolean: "bool",
  nested: "nested",
  binary: "file",
};

type HeadProps = {
  /** Absent for results too small to need a summary. */
  profiles: readonly (ColumnProfile | undefined)[] | null;
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
  const { columns, starts, from, to, rowNumberPx, profiles } = props;
  return (
    <div
      {...rowRole(-1)}
      style={{ height: profiles ? TALL_HEAD_PX : HEAD_PX }}
      className="sticky top-0 z-2 border-b border-line bg-well"
    >
      <div
        {...columnHeadRole(-1)}
        style={{ width: rowNumberPx }}
        className="sticky left-0 z-3 flex h-full items-start justify-end pt-2 border-r border-hair bg-well px-2 text-micro text-ink-3"
      >
        row
      </div>
      {columns.slice(from, to).map((column, offset) => {
        const at = from + offset;
        const left = (starts[at] ?? 0) + rowNumberPx;
        const width = (starts[at + 1] ?? 0) - (starts[at] ?? 0);
        const profile = profiles?.[at];
        return (
          <div
            key={at}
            {...columnHeadRole(at)}
            title={titleOf(column, profile)}
            style={{ left, width }}
            className="absolute top-0 h-full overflow-hidden border-r border-hair px-2.5"
          >
            <span className="flex h-8 items-center gap-1.5">
              <Icon name={KIND_ICONS[column.kind]} size="xs" className="text-ink-3" />
              <span
                className={`max-w-[65%] flex-none truncate text-ui font-medium ${at === props.active ? "text-leaf-ink" : ""}`}
              >
                {column.name}
              </span>
              <span className="ml-auto min-w-0 truncate pl-1 text-micro text-ink-3">
                {profile ? profileSentence(profile) || column.type.toLowerCase() : column.type.toLowerCase()}
              </span>
            </span>
            {profiles ? <ProfileView profile={profile} /> : null}
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

function titleOf({ name, type }: GridColumn, profile: ColumnProfile | undefined): string {
  const rows = profile ? `\nof the rows read: ${profileSentence(profile) || "nothing to tell"}` : "";
  return `${name}\n${type}${rows}`;
}

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
