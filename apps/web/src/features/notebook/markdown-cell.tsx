"use client";

import { useEffect, useRef } from "react";
import { MoreMenu } from "./cell-menu.tsx";
import { MarkdownView } from "./markdown-view.tsx";
import { useActions } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";

/** A text: read as Markdown; a double click or Enter edits it, Esc or Shift Enter shows it again. */
export function MarkdownCell({ cell, editing }: { cell: Cell; editing: boolean }) {
  const { dispatch } = useActions();
  const edit = () => dispatch({ do: "select", key: cell.key, mode: "edit" });
  const empty = cell.source.trim() === "";
  if (editing) return <MarkdownEditor cell={cell} />;
  return (
    <>
      <div className="markdown-head">
        <MoreMenu cell={cell} label="this text" onEdit={edit} />
      </div>
      {empty ? (
        <button type="button" onClick={edit} className="text-prose text-ink-3 italic hover:text-ink">
          Empty text. Write in Markdown.
        </button>
      ) : (
        <div {...{ onDoubleClick: edit }}>
          <MarkdownView source={cell.source} />
        </div>
      )}
    </>
  );
}

function MarkdownEditor({ cell: { key, source } }: { cell: Cell }) {
  const { dispatch, runAndNext } = useActions();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <textarea
      ref={field}
      aria-label="Markdown text"
      value={source}
      rows={Math.max(2, source.split("\n").length)}
      spellCheck
      onChange={(event) => dispatch({ do: "source", key, source: event.target.value })}
      onKeyDown={(event) => {
        if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
          dispatch({ do: "select", key, mode: "command" });
        } else if (event.key === "Enter" && event.shiftKey) {
          runAndNext(key);
        } else {
          return;
        }
        event.preventDefault();
        event.stopPropagation();
      }}
      className="block w-full resize-none rounded-m bg-code px-3 py-2 font-mono text-code outline-none"
    />
  );
}
