"use client";

import { type Dispatch, useMemo, useRef } from "react";
import { FIRST_ROWS, MOST_ROWS } from "../results/index.ts";
import { say } from "../shell/index.ts";
import { formatSql } from "./editor/format-sql.ts";
import type { NotebookActions } from "./notebook-context.tsx";
import type { NotebookEvent, NotebookState } from "./notebook-state.ts";
import { skeletonFor } from "./polars/skeleton.ts";
import type { CatalogTable } from "./sql/sql-completions.ts";
import type { Runner } from "./use-runner.ts";

/** The notebook's actions as one object that never changes; each reads the newest state when it is called. */
export function useNotebookActions(
  state: NotebookState,
  dispatch: Dispatch<NotebookEvent>,
  runner: Runner,
  openSubmit: (key: string) => void,
  tables: readonly CatalogTable[],
): NotebookActions {
  const latest = useRef({ state, openSubmit, tables });
  latest.current = { state, openSubmit, tables };
  return useMemo(() => {
    const cellOf = (key: string) => latest.current.state.document.cells.find((cell) => cell.key === key);
    const after = (key: string) => {
      const { cells } = latest.current.state.document;
      return cells[cells.findIndex((cell) => cell.key === key) + 1];
    };
    const submit = (key: string) => {
      const cell = cellOf(key);
      if (!cell || cell.kind === "markdown") return;
      if (cell.target.place !== "submit") dispatch({ do: "target", key, target: { place: "submit" } });
      latest.current.openSubmit(key);
    };
    const run = (key: string) => {
      const cell = cellOf(key);
      if (!cell) return;
      if (cell.kind === "markdown") dispatch({ do: "select", key, mode: "command" });
      else if (cell.target.place === "submit") submit(key);
      else void runner.run(cell);
    };
    return {
      dispatch,
      run,
      submit,
      insert(kind, beside, side, edit) {
        const source = kind === "polars" ? skeletonFor(latest.current.tables) : "";
        dispatch({ do: "insert", beside, side, kind, source, edit });
      },
      makeKind(key, kind) {
        dispatch({ do: "kind", key, kind, skeleton: skeletonFor(latest.current.tables) });
      },
      stop: runner.stop,
      runAndNext(key) {
        run(key);
        const next = after(key);
        if (next) dispatch({ do: "select", key: next.key, mode: "command" });
        else dispatch({ do: "insert", beside: key, side: "below", kind: "sql" });
      },
      runAndInsert(key) {
        run(key);
        dispatch({ do: "insert", beside: key, side: "below", kind: "sql" });
      },
      loadMore(key) {
        const cell = cellOf(key);
        const outcome = latest.current.state.runs[key]?.outcome;
        const limit = outcome?.kind === "result" ? outcome.result.limit : FIRST_ROWS;
        if (cell) void runner.run(cell, Math.min(limit * 10, MOST_ROWS));
      },
      async format(key) {
        const cell = cellOf(key);
        if (cell?.kind !== "sql") return;
        const formatted = await formatSql(cell.source);
        if (formatted === null) {
          say("This SQL could not be formatted", {
            detail: "It stays as it is. Run it to see where it is wrong.",
          });
        } else if (cellOf(key)?.source === cell.source) dispatch({ do: "source", key, source: formatted });
      },
      remove(key) {
        runner.stop(key);
        dispatch({ do: "delete", key });
        say("Cell deleted", { detail: "Press z to bring it back." });
      },
    };
  }, [dispatch, runner]);
}
