import type { DuckDBConnection } from "@duckdb/node-api";
import type { PreviewTable, SampleRow } from "@teatree/shared/contracts/preview";
import { firstPage } from "../values/first-page.ts";
import type { CatalogColumn, CatalogTable } from "./catalog.ts";
import { quoteName, rowsOf, WholeNumber } from "./engine.ts";
import { schemaDifference } from "./schema-difference.ts";

export type TableSide = CatalogTable & { rows: number };

export type Comparison = {
  table: string;
  /** null: there is no such table. */
  before: TableSide | null;
  after: TableSide | null;
  /** Whether it is the table that was there, and not another made in its place: rows have kept their row ids then. */
  isSameTable: boolean;
  /** Rows were only added at the end. */
  isAppended: boolean;
  catalogs: { before: string; after: string };
  sampleRows: number;
  /** False: the table is too large, or the time is over. */
  mayCompare: boolean;
};

const KINDS = ["added", "changed", "removed"] as const;
type Kind = (typeof KINDS)[number];
const DIFFERENCE = "temp.main.teatree_difference";

type Counts = Pick<PreviewTable, "added" | "changed" | "removed" | "matchedBy">;
const NOT_COUNTED: Counts = { added: null, changed: null, removed: null, matchedBy: null };

/** What became of one table's rows, with some of them. Throws `cancelled` when it is interrupted. */
export async function compareTable(
  connection: DuckDBConnection,
  comparison: Comparison,
): Promise<PreviewTable> {
  const { table, before, after } = comparison;
  const pages = sampler(connection, comparison);
  const schemaChanges = before && after ? schemaDifference(before.columns, after.columns) : [];
  const made = { table, rowsBefore: before?.rows ?? null, rowsAfter: after?.rows ?? null, schemaChanges };
  const { columns } = pages;
  const done = (change: PreviewTable["change"], counts: Counts, rows: SampleRow[]): PreviewTable => ({
    ...made,
    change,
    ...counts,
    key: [],
    sample: { columns, rows },
  });
  if (before === null || after === null) {
    const [change, kind] = after ? (["created", "added"] as const) : (["dropped", "removed"] as const);
    const counts = { added: after?.rows ?? 0, changed: 0, removed: before?.rows ?? 0, matchedBy: null };
    return done(change, counts, await pages.first(kind));
  }
  if (comparison.isAppended && comparison.isSameTable) {
    const counts = { added: after.rows - before.rows, changed: 0, removed: 0, matchedBy: "place" } as const;
    return done(counts.added > 0 ? "changed" : "unchanged", counts, await pages.appended());
  }
  if (!comparison.mayCompare) return done("changed", NOT_COUNTED, []);
  if (!comparison.isSameTable) return done("changed", NOT_COUNTED, []);
  const { rows, ...counts } = await pages.byRowId();
  const isTouched = counts.added + counts.changed + counts.removed > 0;
  const isChanged = isTouched || before.schemaHash !== after.schemaHash;
  return done(isChanged ? "changed" : "unchanged", { ...counts, matchedBy: "place" }, rows);
}

/** Reads rows of both sides under one list of columns: those after, then those that are gone. */
function sampler(connection: DuckDBConnection, comparison: Comparison) {
  const { table, before, after, catalogs, sampleRows } = comparison;
  const olds = before?.columns ?? [];
  const news = after?.columns ?? [];
  const columns = [...news, ...olds.filter(({ name }) => !news.some((column) => column.name === name))];
  const from = {
    before: `${quoteName(catalogs.before)}.main.${quoteName(table)}`,
    after: `${quoteName(catalogs.after)}.main.${quoteName(table)}`,
  };

  function listOf(side: "before" | "after"): string {
    const own = side === "before" ? olds : news;
    const one = ({ name, type }: CatalogColumn) =>
      own.some((column) => column.name === name) ? quoteName(name) : `NULL::${type}`;
    return columns.map((column) => `${one(column)} AS ${quoteName(column.name)}`).join(", ");
  }

  async function page(side: "before" | "after", rest: string): Promise<unknown[][]> {
    const found = await connection.stream(`SELECT ${listOf(side)} FROM ${from[side]} ${rest}`);
    return (await firstPage(found)).rows;
  }

  const only = (kind: "added" | "removed", rows: unknown[][]): SampleRow[] =>
    rows.map((row) =>
      kind === "added"
        ? { change: kind, before: null, after: row, cells: [] }
        : { change: kind, before: row, after: null, cells: [] },
    );

  /** Row ids outlive an UPDATE, and the file was opened as both sides: a row is found again by its id. */
  async function byRowId() {
    const hashOf = (side: "before" | "after") =>
      `system.main.hash(${news.map((column) => comparedValue(column, side)).join(", ")})`;
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${DIFFERENCE} AS
       SELECT coalesce(a.id, b.id) AS id,
              CASE WHEN b.id IS NULL THEN 'added' WHEN a.id IS NULL THEN 'removed' ELSE 'changed' END AS change
       FROM (SELECT rowid AS id, ${hashOf("before")} AS hash FROM ${from.before}) b
       FULL JOIN (SELECT rowid AS id, ${hashOf("after")} AS hash FROM ${from.after}) a ON a.id = b.id
       WHERE a.id IS NULL OR b.id IS NULL OR a.hash <> b.hash`,
    );
    const counts = { added: 0, changed: 0, removed: 0 };
    for (const kind of KINDS) counts[kind] = await differing(kind);
    const rows = [
      ...(await pairs(await ids("changed"))),
      ...(await those("added", await ids("added"))),
      ...(await those("removed", await ids("removed"))),
    ];
    await connection.run(`DROP TABLE ${DIFFERENCE}`);
    return { ...counts, rows };
  }

  async function differing(kind: Kind): Promise<number> {
    const found = await rowsOf(
      connection,
      `SELECT system.main.count(*) FROM ${DIFFERENCE} WHERE change = '${kind}'`,
    );
    return WholeNumber.parse(found[0]?.[0]);
  }

  async function ids(kind: Kind): Promise<string> {
    const found = await rowsOf(
      connection,
      `SELECT id FROM ${DIFFERENCE} WHERE change = '${kind}' ORDER BY id LIMIT ${sampleRows}`,
    );
    return found.map(([id]) => String(id)).join(", ");
  }

  function comparedValue({ name, type }: CatalogColumn, side: "before" | "after"): string {
    if (side === "after") return quoteName(name);
    const old = olds.find((column) => column.name === name);
    if (old === undefined) return `NULL::${type}`;
    return old.type === type ? quoteName(name) : `TRY_CAST(${quoteName(name)} AS ${type})`;
  }

  const within = (ids: string) => `WHERE rowid IN (${ids}) ORDER BY rowid`;

  async function those(kind: "added" | "removed", ids: string): Promise<SampleRow[]> {
    if (ids === "") return [];
    return only(kind, await page(kind === "added" ? "after" : "before", within(ids)));
  }

  async function pairs(ids: string): Promise<SampleRow[]> {
    if (ids === "") return [];
    const [were, are] = [await page("before", within(ids)), await page("after", within(ids))];
    return were.slice(0, are.length).map((row, index) => changedRow(row, are[index] ?? []));
  }

  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    first: async (kind: "added" | "removed") =>
      only(kind, await page(kind === "added" ? "after" : "before", `LIMIT ${sampleRows}`)),
    appended: async () =>
      only(
        "added",
        await page(
          "after",
          `WHERE rowid > coalesce((SELECT system.main.max(rowid) FROM ${from.before}), -1) LIMIT ${sampleRows}`,
        ),
      ),
    byRowId,
  };
}

function changedRow(before: unknown[], after: unknown[]): SampleRow {
  const cells = after.flatMap((value, index) =>
    JSON.stringify(value) === JSON.stringify(before[index]) ? [] : [index],
  );
  return { change: "changed", before, after, cells };
}
