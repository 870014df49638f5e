import type { ColumnChange, ComparedRow } from "@teatree/shared/contracts/compare";

export type GridColumn = {
  name: string;
  type: string;
  /** Place of the value in a row. */
  at: number;
  side: "both" | "before" | "after";
};

/**
 * The key comes first, then what differs in one of the rows, twice: before and after. What is the same on both sides stands once,
 * behind;
 * a column that is new or gone only on its own side.
 */
export function gridColumns(
  columns: { name: string; type: string }[],
  key: string[],
  rows: Pick<ComparedRow, "cells">[],
  schemaChanges: Pick<ColumnChange, "column" | "change">[] = [],
): GridColumn[] {
  const differing = new Set(rows.flatMap(({ cells }) => cells));
  const sides = new Map(
    schemaChanges.flatMap(({ column, change }): [string, "before" | "after"][] => {
      if (change === "removed") return [[column, "before"]];
      return change === "added" ? [[column, "after"]] : [];
    }),
  );
  const placed = columns.map((column, at) => ({ ...column, at }));
  const isKey = ({ name }: { name: string }) => key.includes(name);
  const keys = placed
    .filter(isKey)
    .toSorted((a, b) => key.indexOf(a.name) - key.indexOf(b.name))
    .map((column) => ({ ...column, side: "both" as const }));
  const rest = placed.filter((column) => !isKey(column));
  const pairs = rest
    .filter(({ name }) => differing.has(name))
    .flatMap((column) => [
      { ...column, side: "before" as const },
      { ...column, side: "after" as const },
    ]);
  const same = rest
    .filter(({ name }) => !differing.has(name))
    .map((column) => ({ ...column, side: sides.get(column.name) ?? ("both" as const) }));
  return [...keys, ...pairs, ...same];
}

/** The value that stands in a cell; undefined: on that side there is no such row. */
export function gridValue(
  { before, after }: Pick<ComparedRow, "before" | "after">,
  { at, side }: GridColumn,
): unknown {
  const values = side === "before" ? before : side === "after" ? after : (after ?? before);
  return values === null ? undefined : (values[at] ?? null);
}
