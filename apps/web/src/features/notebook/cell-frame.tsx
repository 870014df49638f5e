"use client";

import { memo, useEffect, useRef } from "react";
import { Button } from "../../ui/button.tsx";
import type { CellRun } from "./cell-run.ts";
import { CodeCell } from "./code-cell.tsx";
import { MarkdownCell } from "./markdown-cell.tsx";
import { cellLabel, useActions } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";

type Props = {
  cell: Cell;
  run: CellRun;
  jobId: string | null;
  selected: boolean;
  editing: boolean;
  onJob: (key: string, jobId: string) => void;
};

/** A cell's place in the notebook: no box, a bar at the left that says which one is selected. */
export const CellFrame = memo(function CellFrame({ cell, run, jobId, selected, editing, onJob }: Props) {
  const { dispatch } = useActions();
  const frame = useRef<HTMLElement>(null);
  const chosenHere = useRef(false);
  const { key } = cell;

  useEffect(() => {
    const element = frame.current;
    if (!element || !selected || editing) return;
    // Chosen by pointer or by Tab it is in view, and moving it would take what is pressed from under the pointer.
    if (chosenHere.current) {
      chosenHere.current = false;
      return;
    }
    // Command mode: the cell itself has the focus, unless something inside it was just used.
    const focused = document.activeElement;
    const inside = element.contains(focused) && !focused?.closest(".monaco-editor, textarea");
    if (!inside && (focused === document.body || focused?.closest("[data-notebook-cells]")))
      element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }, [selected, editing]);

  const select = (event: { target: EventTarget }) => {
    if (selected || (event.target instanceof Element && event.target.closest(".monaco-editor, textarea")))
      return;
    chosenHere.current = true;
    dispatch({ do: "select", key });
  };
  return (
    <section
      ref={frame}
      id={`cell-${key}`}
      data-cell={key}
      aria-label={cellLabel(cell)}
      aria-current={selected || undefined}
      tabIndex={-1}
      {...{ onPointerDown: select, onFocus: select }}
      className="notebook-cell relative mb-3.5 -ml-3.5 scroll-mt-12 py-1 pl-3.5 outline-none max-md:-ml-2.5 max-md:pl-2.5"
    >
      {cell.kind === "markdown" ? (
        <MarkdownCell cell={cell} editing={editing} />
      ) : (
        // Another language is another editor.
        <CodeCell key={cell.kind} cell={cell} run={run} jobId={jobId} editing={editing} onJob={onJob} />
      )}
    </section>
  );
});

/** Below the last cell: the ways to go on. */
export function AddCells() {
  const { insert } = useActions();
  const add = (kind: Cell["kind"]) => insert(kind, null, "below");
  return (
    <div className="-ml-2 flex gap-1">
      <Button size="s" variant="quiet" icon="plus" onClick={() => add("sql")}>
        SQL
      </Button>
      <Button size="s" variant="quiet" icon="plus" onClick={() => add("polars")}>
        Polars
      </Button>
      <Button size="s" variant="quiet" icon="plus" onClick={() => add("markdown")}>
        Markdown
      </Button>
    </div>
  );
}
