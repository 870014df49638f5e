import type { DuckDBConnection } from "@duckdb/node-api";
import type { ListedRow, TableDifference } from "../compare/compare-table.ts";
import { differs } from "../compare/difference-sql.ts";
import { commonColumns, quoted, type Side, tableOf } from "../compare/side.ts";
import { rowsOf, WholeNumber } from "./engine.ts";

const DIFFERENCE = "temp.main.teatree_preview";
const CHANGES = ["added", "removed", "changed"] as const;

/**
 * Differences between a table and itself some statements later, in the same file: row ids outlive an UPDATE, so a row is found again by
 * its id, and one without any key is `changed` and not removed and added. Counts are exact; `most` rows of each kind are listed.
 */
export async function placeDifference(
  connection: DuckDBConnection,
  before: Side,
  after: Side,
  most: number,
): Promise<Pick<TableDifference, "counts" | "listed">> {
  const found = [...commonColumns(before, after).map(differs), ...filled(before, after)];
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE teatree_preview AS
     SELECT CASE WHEN b.rowid IS NULL THEN 'added' WHEN a.rowid IS NULL THEN 'removed' ELSE 'changed' END AS change,
            b.rowid AS b, a.rowid AS a
     FROM ${tableOf(before)} b FULL JOIN ${tableOf(after)} a ON a.rowid = b.rowid
     WHERE ${["b.rowid IS NULL", "a.rowid IS NULL", ...found].join(" OR ")}`,
  );
  const counts = { added: 0, removed: 0, changed: 0 };
  const listed: ListedRow[] = [];
  for (const change of CHANGES) {
    const from = `FROM ${DIFFERENCE} WHERE change = '${change}'`;
    const [[count] = []] = await rowsOf(connection, `SELECT system.main.count(*) ${from}`);
    counts[change] = WholeNumber.parse(count);
    const rows = await rowsOf(connection, `SELECT b, a ${from} ORDER BY coalesce(a, b) LIMIT ${most}`);
    for (const [b, a] of rows) {
      listed.push({
        change,
        before: typeof b === "bigint" ? b : null,
        after: typeof a === "bigint" ? a : null,
      });
    }
  }
  await connection.run(`DROP TABLE ${DIFFERENCE}`);
  return { counts: { ...counts, unchanged: after.rows - counts.added - counts.changed }, listed };
}

/** A new column with a value makes a row another one, unless it is an old column under a new name. */
function filled(before: Side, after: Side): string[] {
  const isIn = (side: Side, name: string) => side.columns.some((column) => column.name === name);
  if (before.columns.some(({ name }) => !isIn(after, name))) return [];
  return after.columns
    .filter(({ name }) => !isIn(before, name))
    .map(({ name }) => `a.${quoted(name)} IS NOT NULL`);
}
