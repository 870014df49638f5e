import type { Column } from "@teatree/shared/contracts/models";
import type { SchemaChange } from "@teatree/shared/contracts/preview";

/** Columns that came, went or changed their type, in the order of the columns after. */
export function schemaDifference(before: readonly Column[], after: readonly Column[]): SchemaChange[] {
  const old = new Map(before.map((column) => [column.name, typeText(column)]));
  const now = new Map(after.map((column) => [column.name, typeText(column)]));
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((column) => ({ column, before: old.get(column) ?? null, after: now.get(column) ?? null }))
    .filter((change) => change.before !== change.after);
}

function typeText({ type, nullable }: Column): string {
  return nullable ? type : `${type} NOT NULL`;
}
