import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { ComparedRow, RowChange } from "@teatree/shared/contracts/compare";
import type { JsonValue } from "@teatree/shared/contracts/functions";
import { jsonValue } from "../values/json-values.ts";
import type { ListedRow, TableDifference } from "./compare-table.ts";
import { differs } from "./difference-sql.ts";
import { commonColumns, quoted, type Side, type SideColumn, tableOf } from "./side.ts";

const PAGE_BYTES = 4_194_304;

/** Columns of both sides under one list: those after, then those that are gone. */
export function shownColumns({
  before,
  after,
}: Pick<TableDifference, "before" | "after">): { name: string; type: string }[] {
  const news = after?.columns ?? [];
  const gone = (before?.columns ?? []).filter(({ name }) => !news.some((column) => column.name === name));
  return [...news, ...gone].map(({ name, type }) => ({ name, type }));
}

/** A page of the listed rows with their values; it ends early when they are large. */
export async function rowPage(
  connection: DuckDBConnection,
  difference: TableDifference,
  page: { offset: number; limit: number; change?: RowChange },
): Promise<{ rows: ComparedRow[]; nextOffset: number | null }> {
  const { listed } = difference;
  const all = page.change ? listed.filter(({ change }) => change === page.change) : listed;
  const wanted = all.slice(page.offset, page.offset + page.limit);
  const rows: ComparedRow[] = [];
  if (wanted.length > 0) {
    let bytes = 0;
    for (const row of await readRows(connection, difference, wanted)) {
      bytes += JSON.stringify(row).length;
      if (bytes > PAGE_BYTES && rows.length > 0) break;
      rows.push(row);
    }
  }
  const end = page.offset + rows.length;
  return { rows, nextOffset: end < all.length ? end : null };
}

async function readRows(
  connection: DuckDBConnection,
  difference: TableDifference,
  wanted: ListedRow[],
): Promise<ComparedRow[]> {
  const { before, after, key } = difference;
  const columns = shownColumns(difference);
  const common = before && after ? commonColumns(before, after) : [];
  const select = [
    ...columns.map(({ name }) => own(before, name, "b")),
    ...columns.map(({ name }) => own(after, name, "a")),
    ...common.map(differs),
  ];
  const places = wanted.map((row, index) => `(${index}, ${row.before ?? "NULL"}, ${row.after ?? "NULL"})`);
  const found = await connection.runAndReadAll(
    `SELECT ${select.map((value, index) => `${value} AS c${index}`).join(", ")}
     FROM (SELECT n, b::BIGINT AS b, a::BIGINT AS a FROM (VALUES ${places.join(", ")}) v(n, b, a)) place
     LEFT JOIN ${source(before, wanted, "before")} b ON b."teatree row" = place.b
     LEFT JOIN ${source(after, wanted, "after")} a ON a."teatree row" = place.a
     ORDER BY place.n`,
  );
  const types = found.columnTypes();
  const width = columns.length;
  return found.getRows().map((values, index) => {
    const { change, ...place } = wanted[index] ?? { change: "changed", before: null, after: null };
    const was = place.before === null ? null : jsonRow(values, types, 0, width);
    const is = place.after === null ? null : jsonRow(values, types, width, width);
    const shown = is ?? was ?? [];
    return {
      change,
      key: (key.how === "row" ? [] : key.columns).map(
        ({ name }) => shown[columns.findIndex((column) => column.name === name)] ?? null,
      ),
      before: was,
      after: is,
      cells:
        change === "changed"
          ? common.flatMap(({ name }, at) => (values[2 * width + at] === true ? [name] : []))
          : [],
    };
  });
}

function own(side: Side | null, name: string, alias: "a" | "b"): string {
  const column = side?.columns.find((one: SideColumn) => one.name === name);
  return column ? `${alias}.${quoted(name)}` : "NULL";
}

/** Bounds besides the list let the engine leave out the parts of the table where no wanted row is. */
function source(side: Side | null, wanted: ListedRow[], end: "before" | "after"): string {
  const ids = wanted.flatMap((row) => row[end] ?? []);
  if (side === null) return `(SELECT NULL::BIGINT AS "teatree row")`;
  if (ids.length === 0) return `(SELECT rowid AS "teatree row", * FROM ${tableOf(side)} WHERE false)`;
  const sorted = ids.toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  return `(SELECT rowid AS "teatree row", * FROM ${tableOf(side)}
     WHERE rowid BETWEEN ${sorted[0]} AND ${sorted.at(-1)} AND rowid IN (${ids.join(", ")}))`;
}

function jsonRow(values: DuckDBValue[], types: DuckDBType[], from: number, count: number): JsonValue[] {
  return values.slice(from, from + count).map((value, index) => {
    const type = types[from + index];
    return type === undefined || value === null ? null : jsonValue(value, type);
  });
}
