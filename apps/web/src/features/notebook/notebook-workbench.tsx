"use client";

import { useQuery } from "@tanstack/react-query";
import type { Notebook } from "@teatree/shared/contracts/notebooks";
import { useMemo, useReducer, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import { modelQuery } from "../../clients/queries.ts";
import { usePlace } from "../shell/index.ts";
import { AddCells, CellFrame } from "./cell-frame.tsx";
import { cellStatus, NEVER_RUN } from "./cell-run.ts";
import { ConflictDialog } from "./conflict-dialog.tsx";
import { NotebookBar } from "./notebook-bar.tsx";
import { ActionsProvider, FactsProvider } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";
import { openNotebook, reduceNotebook } from "./notebook-state.ts";
import { NotebookTitle } from "./notebook-title.tsx";
import { parseNotebook } from "./parse-notebook.ts";
import { SidePanel } from "./side-panel.tsx";
import type { CatalogTable } from "./sql/sql-completions.ts";
import { SubmitSheet } from "./submit-sheet.tsx";
import { useAutosave } from "./use-autosave.ts";
import { useCatalog } from "./use-catalog.ts";
import { useKeptVersion } from "./use-kept-version.ts";
import { useNotebookActions } from "./use-notebook-actions.ts";
import { useNotebookJobs } from "./use-notebook-jobs.ts";
import { useNotebookKeys } from "./use-notebook-keys.ts";
import { useRunWhenOpened } from "./use-run-when-opened.ts";
import { useRunner } from "./use-runner.ts";
import { useWideWindow } from "./use-wide-window.ts";
import "./notebook.css";

const NO_TABLES: readonly CatalogTable[] = [];

/** An open notebook: its cells in the middle, tables and cells at the left. */
export function NotebookWorkbench({ notebook, onReload }: { notebook: Notebook; onReload: () => void }) {
  const [state, dispatch] = useReducer(reduceNotebook, notebook, ({ title, model, body }) =>
    openNotebook(parseNotebook(body, { title, model })),
  );
  const { document, selected } = state;
  const [submitting, setSubmitting] = useState<string | null>(null);
  const wide = useWideWindow();
  const [panelShown, setPanelShown] = useState(true);
  const layout = useDefaultLayout({ id: "notebook", storage: localStorage });

  const modelName = document.model;
  const model = useQuery({ ...modelQuery(modelName ?? ""), enabled: modelName !== null }).data ?? null;
  const current = model?.currentVersion ?? null;
  const runner = useRunner(model ? { model: model.name, modelId: model.id } : null, dispatch);
  const actions = useNotebookActions(state, dispatch, runner, setSubmitting, model?.tables ?? NO_TABLES);
  const { state: save, saveNow } = useAutosave(notebook, document, state.edits);
  const { jobIds, setJob } = useNotebookJobs(notebook.id, modelName, document.cells);
  useNotebookKeys(state, actions);

  const selectedTarget = document.cells.find(({ key }) => key === selected)?.target;
  const pinned = selectedTarget && selectedTarget.place !== "submit" ? selectedTarget.version : "latest";
  const catalog = useCatalog(model, pinned);
  const deviceVersion = useKeptVersion(model?.id ?? null, state.runs);
  const facts = useMemo(
    () => ({
      notebookId: notebook.id,
      model,
      deviceVersion,
      catalog,
    }),
    [notebook.id, model, deviceVersion, catalog],
  );
  usePlace({
    trail: [
      modelName === null
        ? { label: "Notebooks", href: "/notebooks" }
        : { label: modelName, href: `/models/${encodeURIComponent(modelName)}` },
      { label: document.title },
    ],
    ...(modelName === null ? {} : { model: modelName }),
  });

  const statusOf = (cell: Cell) =>
    cellStatus(cell, state.runs[cell.key] ?? NEVER_RUN, state.jobs[cell.key] ?? null, current, deviceVersion);
  const reads = document.cells.filter(({ kind, target }) => kind !== "markdown" && target.place !== "submit");
  const stale = reads.filter((cell) => statusOf(cell) === "stale");
  const runInOrder = async (cells: Cell[]) => {
    for (const cell of cells) await runner.run(cell);
  };
  useRunWhenOpened(document, model, reads, (cells) => void runInOrder(cells));
  const submitCell = document.cells.find(({ key }) => key === submitting);

  const main = (
    <div className="h-full min-w-0 overflow-y-auto" data-notebook-cells="">
      <NotebookBar
        document={document}
        save={save}
        staleCount={stale.length}
        onSaveNow={() => void saveNow()}
        onTitle={(title) => dispatch({ do: "title", title })}
        onAddCell={() => actions.insert("sql", selected, "below")}
        onRunStale={() => void runInOrder(stale)}
        onRunAll={() => void runInOrder(reads)}
        panel={wide ? { shown: panelShown, toggle: () => setPanelShown(true) } : null}
      />
      <div className="mx-auto max-w-[1120px] px-5 pt-4 pb-40 max-md:px-3 max-md:pb-20">
        <NotebookTitle document={document} />
        {document.cells.map((cell) => (
          <CellFrame
            key={cell.key}
            cell={cell}
            run={state.runs[cell.key] ?? NEVER_RUN}
            jobId={jobIds[cell.key] ?? null}
            selected={cell.key === selected}
            editing={cell.key === selected && state.mode === "edit"}
            onJob={setJob}
          />
        ))}
        <AddCells />
      </div>
    </div>
  );
  return (
    <ActionsProvider value={actions}>
      <FactsProvider value={facts}>
        {wide && panelShown ? (
          <Group orientation="horizontal" id="notebook" className="h-full" {...layout}>
            <Panel
              id="side"
              defaultSize={244}
              minSize={180}
              maxSize={420}
              groupResizeBehavior="preserve-pixel-size"
            >
              <SidePanel
                model={model}
                catalog={catalog}
                cells={document.cells}
                statusOf={statusOf}
                selected={selected}
                dispatch={dispatch}
                onHide={() => setPanelShown(false)}
              />
            </Panel>
            <Separator className="panel-edge" aria-label="Width of the side panel" />
            <Panel id="main" minSize={360}>
              {main}
            </Panel>
          </Group>
        ) : (
          main
        )}
        {submitCell ? (
          <SubmitSheet
            cell={submitCell}
            onClose={() => setSubmitting(null)}
            onSubmitted={(jobId) => {
              setJob(submitCell.key, jobId);
              setSubmitting(null);
            }}
          />
        ) : null}
        {save.is === "conflict" ? <ConflictDialog document={document} onReload={onReload} /> : null}
      </FactsProvider>
    </ActionsProvider>
  );
}
