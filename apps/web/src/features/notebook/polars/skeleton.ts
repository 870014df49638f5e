import { isNumeric } from "../../../ui/cell-text.ts";
import type { CatalogTable } from "../sql/sql-completions.ts";

/** A table in Polars code: `tables.flights`. */
export function tableText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `tables.${name}` : `tables[${JSON.stringify(name)}]`;
}

/** A column in Polars code: `pl.col("delay")`. */
export function columnText(name: string): string {
  return `pl.col(${JSON.stringify(name)})`;
}

/** What a new Polars cell begins with: rows per group of the model's largest table, so that it can be run as it is. */
export function skeletonFor(tables: readonly CatalogTable[]): string {
  const [table] = [...tables].sort((one, other) => other.rows - one.rows);
  if (!table) return '({ pl }) => pl.DataFrame({ hello: ["world"] })';
  const start = `({ pl, tables }) => ${tableText(table.name)}`;
  const group = table.columns.find(({ type }) => type === "VARCHAR") ?? table.columns.find(isCategory);
  if (!group) return `${start}\n  .select(pl.len().alias(${JSON.stringify(table.name)}))`;
  return [
    start,
    `  .groupBy(${JSON.stringify(group.name)})`,
    `  .agg(pl.len().alias(${JSON.stringify(free(table.name, group.name))}))`,
    `  .sort(${JSON.stringify(group.name)})`,
  ].join("\n");
}

function isCategory({ type }: { type: string }): boolean {
  return (
    type === "BOOLEAN" || type === "DATE" || (isNumeric(type) && !/^(DOUBLE|FLOAT|REAL|DECIMAL)/.test(type))
  );
}

/** The count is called like the table, unless its group already is. */
function free(table: string, group: string): string {
  return table === group ? "rows" : table;
}
