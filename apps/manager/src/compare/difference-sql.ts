import { type CommonColumn, quoted, type Side, tableOf } from "./side.ts";

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,\d+\)|FLOAT|DOUBLE)$/;
const MOMENT = /^(DATE|TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS)$/;

/** Where a pass's differing rows are kept: their kind and their row ids, no values. */
export const PASS = "temp.main.teatree_compare";

/** 1 month equals 30 days to the engine, yet they are two values to whoever reads them. */
const needsText = (type: string) => /\bINTERVAL\b/.test(type);

const asText = (value: string) => `CAST(${value} AS VARCHAR)`;

/** Whether a column's values differ between rows `b` and `a`; null equals null. Never null itself. */
export function differs(column: CommonColumn): string {
  const [b, a] = [`b.${quoted(column.name)}`, `a.${quoted(column.name)}`];
  const { before, after } = column;
  if (before === after && !needsText(before)) return `${a} IS DISTINCT FROM ${b}`;
  for (const family of [NUMBER, MOMENT]) {
    // Both ways: 1.5 becomes 2 as a whole number, which is another value.
    if (family.test(before) && family.test(after) && before !== after) {
      return `(TRY_CAST(${b} AS ${after}) IS DISTINCT FROM ${a} OR TRY_CAST(${a} AS ${before}) IS DISTINCT FROM ${b})`;
    }
  }
  return `${asText(a)} IS DISTINCT FROM ${asText(b)}`;
}

/** A column's value in a form that is equal on both sides when the value is. */
export function comparable(column: CommonColumn): string {
  const name = quoted(column.name);
  return column.before === column.after && !needsText(column.before) ? name : asText(name);
}

/** One of several passes that each look at a part of the rows, told apart by a hash of `values`. */
export type Pass = { index: number; count: number };

export function passFilter(values: string[], { index, count }: Pass): string {
  return count === 1 ? "true" : `system.main.hash(${values.join(", ")}) % ${count} = ${index}`;
}

/** Rows by key: what is there on one side only, and pairs of which a common column differs. The key is unique in both. */
export function keyedDifference(before: Side, after: Side, key: CommonColumn[], pass: Pass): string {
  const rest = commonRest(before, after, key);
  const values = key.map(comparable);
  const side = (table: Side) =>
    `(SELECT rowid AS "teatree row", ${[
      ...values.map((value, index) => `${value} AS "teatree key ${index}"`),
      ...rest.map(({ name }) => quoted(name)),
    ].join(", ")} FROM ${tableOf(table)} WHERE ${passFilter(values, pass)})`;
  const on = key.map((_, index) => `a."teatree key ${index}" IS NOT DISTINCT FROM b."teatree key ${index}"`);
  const [b, a] = ['b."teatree row"', 'a."teatree row"'];
  return `CREATE OR REPLACE TEMP TABLE teatree_compare AS
    SELECT CASE WHEN ${b} IS NULL THEN 'added' WHEN ${a} IS NULL THEN 'removed' ELSE 'changed' END AS change,
           ${b} AS b, ${a} AS a, 1 AS times
    FROM ${side(before)} b FULL JOIN ${side(after)} a ON ${on.join(" AND ")}
    WHERE ${[`${b} IS NULL`, `${a} IS NULL`, ...rest.map(differs)].join(" OR ")}`;
}

/** Whole rows as a multiset: for each value how many more there are on one side, and one row that has it. */
export function wholeRowDifference(before: Side, after: Side, columns: CommonColumn[], pass: Pass): string {
  const values = columns.map(comparable);
  const named = values.map((value, index) => `${value} AS c${index}`).join(", ");
  const side = (table: Side, b: string, a: string, sign: number) =>
    `SELECT ${named}, ${b} AS b, ${a} AS a, ${sign} AS n FROM ${tableOf(table)} WHERE ${passFilter(values, pass)}`;
  const group = values.map((_, index) => `c${index}`).join(", ");
  return `CREATE OR REPLACE TEMP TABLE teatree_compare AS
    SELECT CASE WHEN n > 0 THEN 'added' ELSE 'removed' END AS change,
           CASE WHEN n < 0 THEN b END AS b, CASE WHEN n > 0 THEN a END AS a, system.main.abs(n) AS times
    FROM (
      SELECT system.main.min(b) AS b, system.main.min(a) AS a, CAST(system.main.sum(n) AS BIGINT) AS n
      FROM (${side(before, "rowid", "NULL::BIGINT", -1)} UNION ALL ${side(after, "NULL::BIGINT", "rowid", 1)})
      GROUP BY ${group}
    ) WHERE n <> 0`;
}

function commonRest(before: Side, after: Side, key: CommonColumn[]): CommonColumn[] {
  const types = new Map(before.columns.map(({ name, type }) => [name, type]));
  return after.columns.flatMap(({ name, type }) => {
    const was = types.get(name);
    if (was === undefined || key.some((column) => column.name === name)) return [];
    return [{ name, before: was, after: type }];
  });
}

/** Bytes that a row takes while it is compared, roughly: enough to choose how many passes there are. */
export function rowBytes(columns: CommonColumn[]): number {
  return columns.reduce((sum, { after }) => sum + (NUMBER.test(after) || MOMENT.test(after) ? 8 : 40), 48);
}
