"use client";

import { useEffect, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { formatDuration } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { keysForPeople, useIsMac } from "../shell/index.ts";
import { CellName } from "./cell-name.tsx";
import type { CellRun, CellStatus } from "./cell-run.ts";
import { useActions } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";
import { TargetChip } from "./target-chip.tsx";

type Props = { cell: Cell; run: CellRun; status: CellStatus; onEdit?: () => void };

/** Kind, name, place, state, time and the two buttons that are always drawn. */
export function CellHeader({ cell, run, status, onEdit }: Props) {
  const { run: start, stop } = useActions();
  const [renaming, setRenaming] = useState(false);
  const sql = cell.kind === "sql";
  const submits = sql && cell.target.place === "submit";
  const label = sql ? cell.name : "this text";
  return (
    <div className="mb-1 flex h-7 items-center gap-2 max-md:gap-1.5">
      <span className="inline-flex items-center gap-1.25 text-meta font-medium text-ink-3">
        <Icon name={sql ? (submits ? "arrowUp" : "table") : "markdown"} size="s" />
        <span className={sql ? "max-md:sr-only" : ""}>{sql ? "SQL" : "Markdown"}</span>
      </span>
      {sql ? <CellName cell={cell} editing={renaming} onEditing={setRenaming} /> : null}
      {sql ? <TargetChip cell={cell} /> : null}
      <span className="flex-1" />
      {sql ? <StateBadge state={status} /> : null}
      {sql ? <Elapsed run={run} /> : null}
      {!sql ? null : run.running ? (
        <IconButton icon="stop" size="s" label={`Stop ${label}`} onClick={() => stop(cell.key)} />
      ) : (
        <IconButton
          icon={submits ? "arrowUp" : "play"}
          size="s"
          label={submits ? `Submit ${label}…` : `Run ${label}`}
          onClick={() => start(cell.key)}
        />
      )}
      <MoreMenu cell={cell} label={label} onRename={() => setRenaming(true)} onEdit={onEdit} />
    </div>
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

function MoreMenu(props: { cell: Cell; label: string; onRename: () => void; onEdit?: () => void }) {
  const { cell, label, onRename, onEdit } = props;
  const { dispatch, format, submit, remove } = useActions();
  const mac = useIsMac();
  const { key, kind } = cell;
  const keys = (text: string) => keysForPeople(text, mac);
  return (
    <Menu
      trigger={<IconButton icon="more" size="s" label={`More for ${label}`} />}
      items={[
        ...(kind === "sql"
          ? ([
              {
                label: "Submit…",
                icon: "arrowUp",
                kbd: keys("Mod+Shift+Enter"),
                onSelect: () => submit(key),
              },
              { label: "Format", icon: "text", kbd: keys("Shift+Alt+f"), onSelect: () => format(key) },
              { label: "Rename", onSelect: onRename },
              "separator",
            ] as const)
          : ([{ label: "Edit", icon: "text", kbd: "Enter", onSelect: onEdit }, "separator"] as const)),
        { label: "Insert above", icon: "plus", kbd: "a", onSelect: () => insert("above") },
        { label: "Insert below", icon: "plus", kbd: "b", onSelect: () => insert("below") },
        {
          label: "Move up",
          icon: "arrowUp",
          kbd: keys("Alt+ArrowUp"),
          onSelect: () => dispatch({ do: "move", key, by: -1 }),
        },
        {
          label: "Move down",
          icon: "arrowDown",
          kbd: keys("Alt+ArrowDown"),
          onSelect: () => dispatch({ do: "move", key, by: 1 }),
        },
        { label: "Duplicate", icon: "copy", onSelect: () => dispatch({ do: "duplicate", key }) },
        kind === "sql"
          ? {
              label: "Make it Markdown",
              icon: "markdown",
              kbd: "m",
              onSelect: () => dispatch({ do: "kind", key, kind: "markdown" }),
            }
          : {
              label: "Make it SQL",
              icon: "table",
              kbd: "s",
              onSelect: () => dispatch({ do: "kind", key, kind: "sql" }),
            },
        "separator",
        { label: "Delete", icon: "trash", kbd: "d d", danger: true, onSelect: () => remove(key) },
      ]}
    />
  );

  function insert(side: "above" | "below") {
    dispatch({ do: "insert", beside: key, side, kind: "sql" });
  }
}
