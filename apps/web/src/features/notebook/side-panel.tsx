"use client";

import type { Model } from "@teatree/shared/contracts/models";
import Link from "next/link";
import type { Dispatch } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { CatalogPanel } from "./catalog-panel.tsx";
import type { CellStatus } from "./cell-run.ts";
import { CellsPanel } from "./cells-panel.tsx";
import { insertAtCaret } from "./editor/insert-at-caret.ts";
import { ModelChoice } from "./model-choice.tsx";
import type { Cell } from "./notebook-document.ts";
import type { NotebookEvent } from "./notebook-state.ts";
import { columnText, tableText } from "./polars/skeleton.ts";
import type { Catalog } from "./sql/sql-completions.ts";
import { quoteName } from "./sql/sql-scope.ts";

type Props = {
  model: Model | null;
  catalog: Catalog & { version: number };
  cells: Cell[];
  statusOf: (cell: Cell) => CellStatus;
  selected: string | null;
  dispatch: Dispatch<NotebookEvent>;
  onHide: () => void;
};

/** What the notebook works on, and what it is made of. */
export function SidePanel({ model, catalog, cells, statusOf, selected, dispatch, onHide }: Props) {
  const insert = (name: string, what: "table" | "column") => {
    const cell = cells.find(({ key }) => key === selected);
    if (!cell || cell.kind === "markdown") return;
    const text =
      cell.kind === "sql" ? quoteName(name) : what === "table" ? tableText(name) : columnText(name);
    if (insertAtCaret(cell.key, text)) return;
    const gap = cell.source === "" || /\s$/.test(cell.source) ? "" : " ";
    dispatch({ do: "source", key: cell.key, source: `${cell.source}${gap}${text}` });
  };
  return (
    <aside aria-label="Tables and cells" className="flex h-full flex-col overflow-y-auto bg-well">
      <div className="flex h-10 flex-none items-center gap-2 pr-2 pl-3">
        <Icon name="database" size="s" className="text-ink-2" />
        {model ? (
          <Link
            href={`/models/${encodeURIComponent(model.name)}`}
            className="min-w-0 truncate font-semibold hover:underline"
          >
            {model.name}
          </Link>
        ) : (
          <span className="text-ink-3">No model</span>
        )}
        {catalog.version > 0 ? <span className="font-mono text-meta">v{catalog.version}</span> : null}
        <span className="flex-1" />
        <IconButton icon="panel" label="Hide this panel" onClick={onHide} />
      </div>
      {model ? (
        <CatalogPanel tables={catalog.tables} onInsert={insert} />
      ) : (
        <ModelChoice onChoose={(name) => dispatch({ do: "model", model: name })} />
      )}
      <CellsPanel
        cells={cells}
        statusOf={statusOf}
        selected={selected}
        onSelect={(key) => {
          dispatch({ do: "select", key });
          document.getElementById(`cell-${key}`)?.scrollIntoView({ block: "start" });
        }}
      />
    </aside>
  );
}
