import type { ColumnChange } from "@teatree/shared/contracts/compare";
import type { Column } from "@teatree/shared/contracts/models";

/** Columns that came, went or changed their type, in the order of the columns after; those that are gone come last. */
export function schemaDifference(before: readonly Column[], after: readonly Column[]): ColumnChange[] {
  const old = new Map(before.map((column) => [column.name, column]));
  const now = new Set(after.map(({ name }) => name));
  const changes: ColumnChange[] = [];
  for (const { name: column, type, nullable } of after) {
    const was = old.get(column);
    if (was === undefined) changes.push({ column, change: "added", after: type });
    else if (was.type !== type) changes.push({ column, change: "type", before: was.type, after: type });
    if (was !== undefined && was.nullable !== nullable) {
      changes.push({ column, change: "nullable", before: nullText(was), after: nullText({ nullable }) });
    }
  }
  const gone = before.filter(({ name }) => !now.has(name));
  return [
    ...changes,
    ...gone.map(({ name: column, type }) => ({ column, change: "removed", before: type }) as const),
  ];
}

function nullText({ nullable }: Pick<Column, "nullable">): string {
  return nullable ? "NULL" : "NOT NULL";
}
