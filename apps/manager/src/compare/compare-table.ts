import type { DuckDBConnection } from "@duckdb/node-api";
import { LISTED_ROWS, type RowChange, type RowComparison } from "@teatree/shared/contracts/compare";
import { chooseKey, type Key, type Wanted } from "./choose-key.ts";
import { keyedDifference, PASS, rowBytes, wholeRowDifference } from "./difference-sql.ts";
import { commonColumns, rowsOf, type Side, tableOf } from "./side.ts";

/** Rows that are compared at a time: small enough to stop soon and to say how far it is. */
const ROWS_PER_PASS = 2_500_000;
const MOST_PASSES = 256;

/** A row that differs, by its row ids: they stay the same for ever in a published version. */
export type ListedRow = { change: RowChange; before: bigint | null; after: bigint | null };

export type TableDifference = {
  before: Side | null;
  after: Side | null;
  key: Key;
  counts: RowComparison["counts"];
  /** In the order of the tables, at most LISTED_ROWS of each kind. */
  listed: ListedRow[];
};

export type Watch = {
  /** Throws when the comparison is to stop. */
  check(): void;
  /** From 0 to 1. */
  progress(part: number): void;
};

/** Finds every row that differs between two tables. Exact; memory is bounded by passes, of which there are more when it ran short. */
export async function compareTable(
  connection: DuckDBConnection,
  before: Side | null,
  after: Side | null,
  wanted: Wanted,
  watch: Watch,
): Promise<TableDifference> {
  if (before === null || after === null) return oneSided(connection, before, after);
  if (commonColumns(before, after).length === 0) return oneSided(connection, before, after);
  const [[bytes] = []] = await rowsOf(
    connection,
    `SELECT CASE WHEN l.v LIKE '% GiB' THEN 1073741824 WHEN l.v LIKE '% MiB' THEN 1048576 ELSE 1024 END
            * TRY_CAST(system.main.split_part(l.v, ' ', 1) AS DOUBLE)
     FROM (SELECT value AS v FROM system.main.duckdb_settings() WHERE name = 'memory_limit') l`,
  );
  const first = passCount(before, after, Number(bytes) || 536_870_912);
  for (let passes = first; ; passes *= 4) {
    try {
      return await compareBoth(connection, before, after, wanted, passes, watch);
    } catch (error) {
      const isShort = error instanceof Error && /out of memory/i.test(error.message);
      if (!isShort || passes >= MOST_PASSES) throw error;
    }
  }
}

/** How often the tables are gone through so that a part of the rows fits in a third of the memory. */
export function passCount(before: Side, after: Side, memoryBytes: number): number {
  const rows = Math.max(before.rows, after.rows);
  const bytes = rows * rowBytes(commonColumns(before, after));
  return Math.max(1, Math.ceil(rows / ROWS_PER_PASS), Math.ceil(bytes / (memoryBytes / 3)));
}

async function compareBoth(
  connection: DuckDBConnection,
  before: Side,
  after: Side,
  wanted: Wanted,
  passes: number,
  watch: Watch,
): Promise<TableDifference> {
  watch.progress(0);
  const key = await chooseKey(connection, before, after, wanted, { passes, check: watch.check });
  const difference = key.how === "row" ? wholeRowDifference : keyedDifference;
  const found = { added: 0, removed: 0, changed: 0 };
  const listed: Record<RowChange, ListedRow[]> = { added: [], removed: [], changed: [] };
  for (let index = 0; index < passes; index += 1) {
    watch.check();
    watch.progress((index + 1) / (passes + 1));
    await connection.run(difference(before, after, key.columns, { index, count: passes }));
    watch.check();
    for (const change of CHANGES) found[change] += await takePass(connection, change, listed[change]);
  }
  await connection.run(`DROP TABLE ${PASS}`);
  const unchanged = after.rows - found.added - found.changed;
  return {
    before,
    after,
    key,
    counts: { ...found, unchanged },
    listed: inTableOrder(CHANGES.flatMap((change) => listed[change])),
  };
}

// In this order of two that stand at one place.
const CHANGES = ["removed", "changed", "added"] as const;

async function takePass(
  connection: DuckDBConnection,
  change: RowChange,
  listed: ListedRow[],
): Promise<number> {
  const from = `FROM ${PASS} WHERE change = '${change}'`;
  const [[count] = []] = await rowsOf(
    connection,
    `SELECT coalesce(system.main.sum(times), 0)::BIGINT ${from}`,
  );
  if (Number(count) === 0) return 0;
  const rows = await rowsOf(
    connection,
    `SELECT b, a, times ${from} ORDER BY coalesce(a, b), b LIMIT ${LISTED_ROWS}`,
  );
  let taken = 0;
  for (const [b, a, times] of rows) {
    const row = { change, before: typeof b === "bigint" ? b : null, after: typeof a === "bigint" ? a : null };
    for (let time = 0; time < Number(times) && taken < LISTED_ROWS; time += 1, taken += 1) listed.push(row);
  }
  // Each pass has rows from the whole table: those that stand first in it are kept.
  if (listed.length > LISTED_ROWS) inTableOrder(listed).length = LISTED_ROWS;
  return Number(count);
}

function inTableOrder(rows: ListedRow[]): ListedRow[] {
  const place = ({ before, after }: ListedRow) => after ?? before ?? 0n;
  return rows.sort((x, y) => {
    const [a, b] = [place(x), place(y)];
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

const WHOLE_ROW: Key = { how: "row", columns: [] };

async function oneSided(
  connection: DuckDBConnection,
  before: Side | null,
  after: Side | null,
): Promise<TableDifference> {
  const added = after?.rows ?? 0;
  const removed = before?.rows ?? 0;
  const listed = [
    ...(before ? await firstRows(connection, before, "removed") : []),
    ...(after ? await firstRows(connection, after, "added") : []),
  ];
  return { before, after, key: WHOLE_ROW, counts: { added, removed, changed: 0, unchanged: 0 }, listed };
}

async function firstRows(
  connection: DuckDBConnection,
  side: Side,
  change: "added" | "removed",
): Promise<ListedRow[]> {
  const rows = await rowsOf(
    connection,
    `SELECT rowid FROM ${tableOf(side)} ORDER BY rowid LIMIT ${LISTED_ROWS}`,
  );
  return rows.flatMap(([id]) => {
    if (typeof id !== "bigint") return [];
    return [{ change, before: change === "removed" ? id : null, after: change === "added" ? id : null }];
  });
}
