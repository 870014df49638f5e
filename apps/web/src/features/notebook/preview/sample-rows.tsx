"use client";

import type { ComparedRow } from "@teatree/shared/contracts/compare";
import type { PreviewTable } from "@teatree/shared/contracts/preview";
import { useState } from "react";
import { cellText, isNumeric } from "../../../ui/cell-text.ts";
import { cx } from "../../../ui/class-names.ts";
import { formatNumber } from "../../../ui/format.ts";
import { SCROLLABLE } from "../../../ui/scrollable.ts";
import { type SampleColumn, sampleColumns } from "./sample-columns.ts";

/** So many rows stand there until all that came are asked for. */
export const ROWS_SHOWN = 6;

const MARKS = {
  added: { sign: "+", word: "added", tone: "text-add" },
  changed: { sign: "~", word: "changed", tone: "text-mod" },
  removed: { sign: "−", word: "removed", tone: "text-del" },
} as const;

/** Figures stand right: text behind them keeps its distance. */
const AFTER_NUMBER = "[[data-numeric]+&:not([data-numeric])]:pl-4";

/** Some of the rows that a table gets, loses or changes. */
export function SampleRows({ table, named }: { table: PreviewTable; named: boolean }) {
  const [all, setAll] = useState(false);
  const rows = all ? table.sample.rows : table.sample.rows.slice(0, ROWS_SHOWN);
  const { columns, hidden } = sampleColumns(table, all);
  const isCut = hidden > 0 || rows.length < table.sample.rows.length;
  if (table.sample.rows.length === 0) return null;
  return (
    <div className="mt-5">
      <div className="mb-1 flex items-baseline gap-2">
        <h3 className="min-w-0 flex-1 truncate text-head font-semibold">
          Sample rows{named ? <span className="font-normal text-ink-2"> of {table.table}</span> : null}
        </h3>
        <span className="text-meta text-ink-3">
          {ofHowMany(table, rows.length)}
          {isCut || all ? (
            <>
              {" · "}
              <button
                type="button"
                aria-expanded={all}
                onClick={() => setAll(!all)}
                className="rounded-s text-leaf-ink underline underline-offset-2"
              >
                {all ? "show fewer" : hidden > 0 ? "show all columns" : `show ${table.sample.rows.length}`}
              </button>
            </>
          ) : null}
        </span>
      </div>
      <section aria-label={`Rows of ${table.table}`} {...SCROLLABLE} className="overflow-x-auto">
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <th scope="col" className="h-7 w-0 border-b border-line pr-2">
                <span className="sr-only">Change</span>
              </th>
              {columns.map((column) => (
                <Head key={`${column.at} ${column.side}`} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <Row key={`row-${index}`} row={row} columns={columns} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function ofHowMany({ added, changed, removed, sample }: PreviewTable, shown: number): string {
  const kinds = [
    [added, "added"],
    [changed, "changed"],
    [removed, "removed"],
  ] as const;
  const found = kinds.filter(([count]) => (count ?? 0) > 0);
  const total = found.reduce((sum, [count]) => sum + (count ?? 0), 0);
  const word = found.length === 1 ? (found[0]?.[1] ?? "") : "touched";
  return `${formatNumber(shown)} of ${formatNumber(Math.max(total, sample.rows.length))} ${word}`;
}

function Head({ column: { name, type, side } }: { column: SampleColumn }) {
  return (
    <th
      scope="col"
      data-numeric={isNumeric(type) ? "" : undefined}
      className={cx(
        AFTER_NUMBER,
        "h-7 border-b border-line pr-3 text-meta font-medium whitespace-nowrap text-ink-3 last:pr-0",
        isNumeric(type) ? "text-right" : "text-left",
      )}
    >
      {side === "after" ? <span className="sr-only">{name}, </span> : name}
      {side === "both" ? null : side === "before" ? ", before" : "after"}
    </th>
  );
}

function Row({ row, columns }: { row: ComparedRow; columns: SampleColumn[] }) {
  const mark = MARKS[row.change];
  return (
    <tr>
      <td className={`h-7 border-b border-hair pr-2 font-mono text-code font-medium ${mark.tone}`}>
        <span aria-hidden="true">{mark.sign}</span>
        <span className="sr-only">{mark.word}</span>
      </td>
      {columns.map((column) => (
        <Cell key={`${column.at} ${column.side}`} row={row} column={column} />
      ))}
    </tr>
  );
}

function Cell({ row, column: { at, name, type, side } }: { row: ComparedRow; column: SampleColumn }) {
  const values = side === "before" ? row.before : (row.after ?? (side === "both" ? row.before : null));
  const isMarked = side !== "both" && (row.change !== "changed" || row.cells.includes(name));
  const { text, isNull } = cellText(values?.[at], type);
  return (
    <td
      title={text.length > 40 ? text : undefined}
      data-numeric={isNumeric(type) ? "" : undefined}
      className={cx(
        AFTER_NUMBER,
        "h-7 max-w-56 truncate border-b border-hair pr-3 font-mono text-code last:pr-0",
        isNumeric(type) && "text-right",
      )}
    >
      {values === null ? null : (
        <span
          className={cx(
            isMarked && "rounded-s px-1",
            isMarked && (side === "before" ? "bg-del-soft text-del" : "bg-add-soft text-add"),
            !isMarked && isNull && "text-ink-3",
            isNull && "italic",
          )}
        >
          {text}
        </span>
      )}
    </td>
  );
}
