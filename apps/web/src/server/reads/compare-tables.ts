import type { ColumnChange, ComparedTable } from "@teatree/shared/contracts/compare";
import type { Column } from "@teatree/shared/contracts/models";

/** What the content index says of a table in one version. */
export type TableFacts = {
  table: string;
  rows: number;
  columns: Column[];
  schemaHash: string;
  contentHash: string;
};

/** The tables of two versions by what is known of them without looking at a row, by name. */
export function compareTables(before: TableFacts[], after: TableFacts[]): ComparedTable[] {
  const olds = new Map(before.map((facts) => [facts.table, facts]));
  const news = new Map(after.map((facts) => [facts.table, facts]));
  const names = [...new Set([...olds.keys(), ...news.keys()])].toSorted();
  return names.map((name) => compareOne(name, olds.get(name), news.get(name)));
}

function compareOne(
  name: string,
  before: TableFacts | undefined,
  after: TableFacts | undefined,
): ComparedTable {
  const rowsBefore = before?.rows ?? null;
  const rowsAfter = after?.rows ?? null;
  if (!before || !after) {
    const change = after ? "added" : "removed";
    return { name, change, rowsBefore, rowsAfter, schemaChanges: [], sameContent: false };
  }
  // A hash belongs to a write, so one that is equal says that nothing was written in between.
  const sameContent = before.contentHash === after.contentHash && before.schemaHash === after.schemaHash;
  const change = sameContent ? "unchanged" : "changed";
  const schemaChanges = columnChanges(before.columns, after.columns);
  return { name, change, rowsBefore, rowsAfter, schemaChanges, sameContent };
}

/** Columns that are new, gone, of another type, or no longer as they were about null; in the order of the table. */
export function columnChanges(before: Column[], after: Column[]): ColumnChange[] {
  const olds = new Map(before.map((column) => [column.name, column]));
  const changes = after.flatMap((column): ColumnChange[] => {
    const old = olds.get(column.name);
    if (!old) return [{ column: column.name, change: "added", after: column.type }];
    const found: ColumnChange[] = [];
    if (old.type !== column.type)
      found.push({ column: column.name, change: "type", before: old.type, after: column.type });
    if (old.nullable !== column.nullable) {
      const word = ({ nullable }: Column) => (nullable ? "NULL" : "NOT NULL");
      found.push({ column: column.name, change: "nullable", before: word(old), after: word(column) });
    }
    return found;
  });
  const kept = new Set(after.map(({ name }) => name));
  const gone = before.filter(({ name }) => !kept.has(name));
  return [
    ...changes,
    ...gone.map(({ name, type }): ColumnChange => ({ column: name, change: "removed", before: type })),
  ];
}
