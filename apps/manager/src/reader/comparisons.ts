import type { ReaderCompare, ReaderComparison } from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { compareTable, type TableDifference } from "../compare/compare-table.ts";
import { rowPage, shownColumns } from "../compare/row-page.ts";
import { readSide } from "../compare/side.ts";
import { isFatal, sqlError } from "../gate/errors.ts";
import type { ActiveQuery } from "./active-queries.ts";
import type { Lease } from "./open-version.ts";
import { isDamage, renewed } from "./run-query.ts";
import type { VersionPool } from "./version-pool.ts";

/** Who looks at a page asks for the next one soon. What is kept are row ids: some megabytes at most. */
const KEPT = 4;
const KEPT_MS = 60_000;

export type Comparisons = {
  /**
   * Compares a table of two versions and gives a page of what differs. Throws `table_not_found`, `invalid_arguments`
   * for a key that is none, `out_of_memory`, `cancelled`, `query_timeout`.
   */
  page(request: ReaderCompare, query: ActiveQuery): Promise<ReaderComparison>;
};

export function comparisons(pool: VersionPool): Comparisons {
  const kept = new Map<string, { difference: TableDifference; usedAt: number }>();

  function keep(key: string, difference: TableDifference): void {
    const now = performance.now();
    kept.delete(key);
    kept.set(key, { difference, usedAt: now });
    for (const [other, { usedAt }] of kept) {
      if (kept.size > KEPT || now - usedAt > KEPT_MS) kept.delete(other);
    }
  }

  async function page(request: ReaderCompare, query: ActiveQuery, lease: Lease): Promise<ReaderComparison> {
    const { connection } = lease;
    const key = JSON.stringify([request.before, request.after, request.table, request.key]);
    query.check();
    query.onInterrupt = () => connection.interrupt();
    const known = kept.get(key)?.difference;
    const difference = known ?? (await compared(request, query, lease));
    keep(key, difference);
    query.check();
    const { rows, nextOffset } = await rowPage(connection, difference, request);
    query.check();
    return {
      table: request.table,
      key: {
        how: difference.key.how,
        columns: difference.key.how === "row" ? [] : difference.key.columns.map(({ name }) => name),
      },
      counts: difference.counts,
      columns: shownColumns(difference),
      rows,
      nextOffset,
    };
  }

  return {
    async page(request, query) {
      const lease = await pool.lease(request.after, { before: request.before });
      let reusable = false;
      try {
        const answer = await page(request, query, lease);
        reusable = true;
        return answer;
      } catch (error) {
        if (isFatal(error)) lease.invalidate();
        if (isDamage(error)) await renewed(lease);
        query.check();
        throw error instanceof TeatreeError ? error : sqlError(error, "");
      } finally {
        query.onInterrupt = undefined;
        lease.release(reusable);
      }
    },
  };
}

async function compared(
  { table, key }: ReaderCompare,
  query: ActiveQuery,
  { connection }: Lease,
): Promise<TableDifference> {
  const before = await readSide(connection, "before", table);
  const after = await readSide(connection, "model", table);
  if (before === null && after === null) {
    throw new TeatreeError("table_not_found", `Neither version has a table “${table}”.`, {
      details: { table },
    });
  }
  return compareTable(connection, before, after, key, {
    check: () => query.check(),
    progress(part) {
      query.progress = part;
    },
  });
}
