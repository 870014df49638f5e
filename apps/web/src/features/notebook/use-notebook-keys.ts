"use client";

import { useEffect } from "react";
import { useShortcuts } from "../shell/index.ts";
import type { NotebookActions } from "./notebook-context.tsx";
import type { CellKind } from "./notebook-document.ts";
import type { NotebookState } from "./notebook-state.ts";

const GROUP = "Notebook";
/** Inside these a bare key belongs to the thing itself. */
const OWN_KEYS = "input, textarea, select, .monaco-editor, [role='grid'], [role='menu'], [role='dialog']";

/** Command mode's keys, in the page's one registry. The editor handles its own; they are listed with the others. */
export function useNotebookKeys(state: NotebookState, actions: NotebookActions): void {
  const { selected } = state;
  const { dispatch } = actions;
  const onCell = (act: (key: string) => void) => () => {
    if (selected !== null && !document.activeElement?.closest(OWN_KEYS)) act(selected);
  };
  const insert = (side: "above" | "below") => onCell((beside) => actions.insert("sql", beside, side, false));
  const kind = (next: CellKind) => onCell((key) => actions.makeKind(key, next));
  const move = (by: -1 | 1) => onCell((key) => dispatch({ do: "move", key, by }));
  const shortcut = (id: string, keys: string, label: string, run: () => void, listedOnly = false) => ({
    id: `notebook ${id}`,
    keys,
    label,
    group: GROUP,
    run,
    listedOnly,
  });
  useShortcuts([
    shortcut("run", "Mod+Enter", "Run the cell", onCell(actions.run)),
    shortcut("run next", "Shift+Enter", "Run and go to the next", onCell(actions.runAndNext)),
    shortcut("run insert", "Alt+Enter", "Run and insert below", onCell(actions.runAndInsert)),
    shortcut("submit", "Mod+Shift+Enter", "Submit the cell…", onCell(actions.submit)),
    shortcut("edit", "Enter", "Edit the cell", () => undefined, true),
    shortcut("leave", "Escape", "Leave the editor", () => undefined, true),
    shortcut("above", "a", "Insert above", insert("above")),
    shortcut("below", "b", "Insert below", insert("below")),
    shortcut("delete", "d d", "Delete the cell", onCell(actions.remove)),
    shortcut(
      "undo",
      "z",
      "Undo deleting",
      onCell(() => dispatch({ do: "undelete" })),
    ),
    shortcut("markdown", "m", "Make it Markdown", kind("markdown")),
    shortcut("sql", "s", "Make it SQL", kind("sql")),
    shortcut("polars", "p", "Make it Polars", kind("polars")),
    shortcut("up", "Alt+ArrowUp", "Move up", move(-1)),
    shortcut("down", "Alt+ArrowDown", "Move down", move(1)),
    shortcut("format", "Alt+Shift+f", "Format the SQL", onCell(actions.format)),
    shortcut("tab", "Mod+m", "Let Tab leave the editor", () => undefined, true),
  ]);

  useEffect(() => {
    // Arrows and Enter also belong to buttons, links and scrolling, so they count only on the cells themselves.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const { target } = event;
      const onCells =
        target instanceof Element &&
        (target === document.body || target.matches("[data-cell], [data-notebook-cells]"));
      if (!onCells || selected === null) return;
      if (event.key === "Enter") dispatch({ do: "select", key: selected, mode: "edit" });
      else if (event.key === "ArrowDown" || event.key === "j") dispatch({ do: "step", by: 1 });
      else if (event.key === "ArrowUp" || event.key === "k") dispatch({ do: "step", by: -1 });
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [selected, dispatch]);
}
