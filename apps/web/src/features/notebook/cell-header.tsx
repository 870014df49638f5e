"use client";

import { useEffect, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { formatDuration } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { MoreMenu } from "./cell-menu.tsx";
import { CellName } from "./cell-name.tsx";
import type { CellRun, CellStatus } from "./cell-run.ts";
import { useActions } from "./notebook-context.tsx";
import { type Cell, KIND_WORDS } from "./notebook-document.ts";
import { TargetChip } from "./target-chip.tsx";

type Props = { cell: Cell; run: CellRun; status: CellStatus };

/** Kind, name, place, state, time and the two buttons that are always drawn. */
export function CellHeader({ cell, run, status }: Props) {
  const { run: start, stop } = useActions();
  const [renaming, setRenaming] = useState(false);
  const submits = cell.target.place === "submit";
  const label = cell.name;
  return (
    <div className="mb-1 flex h-7 items-center gap-2 max-md:gap-1.5">
      <span className="inline-flex items-center gap-1.25 text-meta font-medium text-ink-3">
        <Icon name={submits ? "arrowUp" : cell.kind === "polars" ? "server" : "table"} size="s" />
        <span className="max-md:sr-only">{KIND_WORDS[cell.kind]}</span>
      </span>
      <CellName cell={cell} editing={renaming} onEditing={setRenaming} />
      <TargetChip cell={cell} />
      {cell.kind === "polars" ? <PolarsNote cell={cell} /> : null}
      <span className="flex-1" />
      <StateBadge state={status} />
      <Elapsed run={run} />
      {run.running ? (
        <IconButton icon="stop" size="s" label={`Stop ${label}`} onClick={() => stop(cell.key)} />
      ) : (
        <IconButton
          icon={submits ? "arrowUp" : "play"}
          size="s"
          label={submits ? `Submit ${label}…` : `Run ${label}`}
          onClick={() => start(cell.key)}
        />
      )}
      <MoreMenu cell={cell} label={label} onRename={() => setRenaming(true)} />
    </div>
  );
}

/** Where it runs, or what a submit will write; a press opens the sheet that asks for it. */
function PolarsNote({ cell }: { cell: Cell }) {
  const { submit } = useActions();
  const { into, mode } = cell.writes;
  if (cell.target.place !== "submit") {
    return <span className="truncate text-meta text-ink-3 max-md:hidden">runs on the server</span>;
  }
  return (
    <button
      type="button"
      title="Choose the table and how it is written"
      onClick={() => submit(cell.key)}
      className="min-w-0 truncate text-meta text-ink-3 hover:text-ink max-md:hidden"
    >
      {into === "" ? "choose a table…" : `${mode === "append" ? "appends to" : "replaces"} `}
      {into === "" ? null : <span className="font-mono text-ink-2">{into}</span>}
    </button>
  );
}

/** How long it took, or takes: counting while it runs. */
function Elapsed({ run }: { run: CellRun }) {
  const since = run.running?.since ?? null;
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (since === null) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 100);
    return () => clearInterval(timer);
  }, [since]);
  const done = run.outcome?.kind === "result" ? run.outcome.elapsedMs : null;
  const shown = since === null ? done : Math.max(0, now - since);
  return (
    <span className="min-w-11 text-right text-meta text-ink-3 max-md:hidden">
      {shown === null ? "" : formatDuration(shown)}
    </span>
  );
}
