"use client";

import { useEffect, useRef } from "react";
import { useActions } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";

type Props = { cell: Cell; editing: boolean; onEditing: (editing: boolean) => void };

/** A cell's name; a double click or the menu's Rename turns it into a field. */
export function CellName({ cell, editing, onEditing }: Props) {
  const { dispatch } = useActions();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (editing) field.current?.select();
  }, [editing]);
  if (!editing) {
    return (
      <button
        type="button"
        title="Double click to rename"
        onDoubleClick={() => onEditing(true)}
        className="min-w-6 cursor-text truncate font-mono text-code leading-4 font-medium"
      >
        {cell.name}
      </button>
    );
  }
  const keep = (name: string) => {
    onEditing(false);
    if (name.trim() !== "" && name !== cell.name) dispatch({ do: "rename", key: cell.key, name });
  };
  return (
    <input
      ref={field}
      aria-label={`Name of ${cell.name}`}
      defaultValue={cell.name}
      maxLength={60}
      size={Math.max(8, cell.name.length)}
      onBlur={(event) => keep(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep(event.currentTarget.value);
        if (event.key === "Escape") onEditing(false);
        event.stopPropagation();
      }}
      className="h-5.5 rounded-s border border-control bg-raised px-1 font-mono text-code"
    />
  );
}
