"use client";

import { useState } from "react";
import { SearchField } from "../../ui/form.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import type { CatalogTable } from "./sql/sql-completions.ts";

type Props = {
  tables: readonly CatalogTable[];
  /** Puts a name into the cell that is selected. */
  onInsert: (name: string, what: "table" | "column") => void;
};

/** Tables and columns of the version that is read; a click puts the name where the caret is. */
export function CatalogPanel({ tables, onInsert }: Props) {
  const [filter, setFilter] = useState("");
  const [closed, setClosed] = useState<readonly string[]>([]);
  const wanted = filter.trim().toLowerCase();
  const shown = tables.flatMap((table) => {
    const whole = table.name.toLowerCase().includes(wanted);
    const columns = whole
      ? table.columns
      : table.columns.filter(({ name }) => name.toLowerCase().includes(wanted));
    return whole || columns.length > 0 ? [{ ...table, columns }] : [];
  });
  const toggle = (name: string) =>
    setClosed((before) =>
      before.includes(name) ? before.filter((item) => item !== name) : [...before, name],
    );
  return (
    <>
      <SearchField
        label="Filter tables and columns"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
        className="mx-3 mb-2 h-7 flex-none"
      />
      <ul aria-label="Tables" className="px-1">
        {shown.map((table) => {
          const open = wanted !== "" || !closed.includes(table.name);
          return (
            <li key={table.name} className="mt-0.5">
              <div className="flex h-6 items-center rounded-s hover:bg-hover">
                <button
                  type="button"
                  aria-expanded={open}
                  aria-label={`${open ? "Fold" : "Unfold"} ${table.name}`}
                  onClick={() => toggle(table.name)}
                  className="grid h-6 w-6 flex-none place-items-center text-ink-3"
                >
                  <Icon name={open ? "chevronDown" : "chevronRight"} size="xs" />
                </button>
                <button
                  type="button"
                  title={`Insert ${table.name}`}
                  onClick={() => onInsert(table.name, "table")}
                  className="flex min-w-0 flex-1 items-center gap-1.5 pr-2 text-left"
                >
                  <Icon name="table" size="s" className="text-ink-2" />
                  <span className="min-w-0 flex-1 truncate font-medium">{table.name}</span>
                  <span className="text-meta text-ink-3">{formatNumber(table.rows)}</span>
                </button>
              </div>
              {open ? (
                <ul aria-label={`Columns of ${table.name}`}>
                  {table.columns.map((column) => (
                    <li key={column.name}>
                      <button
                        type="button"
                        title={`Insert ${column.name}, ${column.type}`}
                        onClick={() => onInsert(column.name, "column")}
                        className="flex h-6 w-full items-center gap-1.5 rounded-s pr-2 pl-8.5 text-left hover:bg-hover"
                      >
                        <Icon name={iconOfType(column.type)} size="s" className="text-ink-3" />
                        <span className="min-w-0 flex-1 truncate">{column.name}</span>
                        <span className="max-w-24 truncate font-mono text-micro text-ink-3">
                          {column.type.toLowerCase()}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              ) : null}
            </li>
          );
        })}
      </ul>
      {shown.length === 0 ? (
        <p className="px-3 text-meta text-ink-3">
          {tables.length === 0
            ? "No tables yet. Import a file or submit a CREATE TABLE."
            : "Nothing of this name."}
        </p>
      ) : null}
    </>
  );
}

/** The icon of a column type in DuckDB's words. */
function iconOfType(type: string): IconName {
  if (/\[|^(STRUCT|MAP|UNION|JSON)/i.test(type)) return "nested";
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DECIMAL|DOUBLE|FLOAT|REAL)/i.test(type))
    return "number";
  if (/^(DATE|TIME|INTERVAL)/i.test(type)) return "date";
  if (/^BOOL/i.test(type)) return "bool";
  if (/^BLOB/i.test(type)) return "file";
  return "text";
}
