"use client";

import { Icon, type IconName } from "../../ui/icon.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import type { CellStatus } from "./cell-run.ts";
import type { Cell } from "./notebook-document.ts";

type Props = {
  cells: Cell[];
  statusOf: (cell: Cell) => CellStatus;
  selected: string | null;
  onSelect: (key: string) => void;
};

/** The notebook at a glance: every cell with its state; a click goes there. */
export function CellsPanel({ cells, statusOf, selected, onSelect }: Props) {
  const waiting = cells.filter(
    (cell) => cell.kind !== "markdown" && ["never", "stale"].includes(statusOf(cell)),
  ).length;
  return (
    <>
      <div className="mt-3 flex h-9 flex-none items-center border-t border-line px-3 pt-2">
        <h2 className="flex-1 text-meta font-semibold text-ink-2">Cells</h2>
        <span className="text-meta text-ink-3">
          {waiting === 0 ? "" : waiting === 1 ? "1 needs a run" : `${waiting} need a run`}
        </span>
      </div>
      <ul className="px-1 pb-3">
        {cells.map((cell) => (
          <li key={cell.key}>
            <button
              type="button"
              aria-current={cell.key === selected || undefined}
              onClick={() => onSelect(cell.key)}
              className="flex h-6.5 w-full items-center gap-1.5 rounded-s px-2 text-left hover:bg-hover aria-current:bg-hover aria-current:shadow-[inset_2px_0_0_var(--leaf)]"
            >
              <Icon name={iconOf(cell)} size="s" className="text-ink-3" />
              <span className="min-w-0 flex-1 truncate">
                {cell.kind === "markdown" ? firstWords(cell.source) : cell.name}
              </span>
              {cell.kind === "markdown" ? null : <StateBadge state={statusOf(cell)} />}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function iconOf({ kind, target }: Cell): IconName {
  if (kind === "markdown") return "markdown";
  return target.place === "submit" ? "arrowUp" : kind === "polars" ? "server" : "table";
}

/** A text's first line without its Markdown signs. */
function firstWords(source: string): string {
  const line = source.split("\n").find((text) => text.trim() !== "") ?? "";
  return (
    line
      .replace(/^[#>\-*\s]+/, "")
      .replace(/[*_`]/g, "")
      .slice(0, 60) || "Empty text"
  );
}
