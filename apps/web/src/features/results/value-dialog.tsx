"use client";

import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import type { Plain } from "./arrow-values.ts";
import type { GridColumn } from "./result-columns.ts";

type Props = { open: boolean; onClose: () => void; column: GridColumn | undefined; row: number };

/** One value of the grid, whole: long text with its line breaks, nested values indented. */
export function ValueDialog({ open, onClose, column, row }: Props) {
  if (!column || !open) return null;
  const exact = column.exact(row);
  const text = exact === null ? "null" : column.kind === "nested" ? indented(column.plain(row)) : exact;
  return (
    <Dialog
      open
      onClose={onClose}
      title={column.name}
      description={`${column.type} · row ${(row + 1).toLocaleString("en-US")}`}
      actions={<CopyButton text={text} label="Copy value" size="m" />}
    >
      <pre
        className={`font-mono text-code break-words whitespace-pre-wrap ${exact === null ? "text-ink-3 italic" : ""}`}
      >
        {text}
      </pre>
    </Dialog>
  );
}

function indented(value: Plain): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part), 2);
}
