import type { DuckDBDataChunk, DuckDBPreparedStatement, DuckDBResult } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ReaderQuery } from "@teatree/shared/contracts/manager-api";
import { isFatal, sqlError } from "../gate/errors.ts";
import { prepareRead } from "../gate/statements.ts";
import { bindParams } from "../values/params.ts";
import type { ActiveQuery } from "./active-queries.ts";
import type { Lease } from "./open-version.ts";
import { columnsOf } from "./results/named-column.ts";
import type { Encoders, ResultEncoder } from "./results/result-encoder.ts";
import { createResultMeter } from "./results/result-meter.ts";
import type { Spool } from "./results/spool.ts";
import type { VersionPool } from "./version-pool.ts";

export type QueryAnswer = { spool: Spool; rowCount: number; truncated: boolean };

export type QueryDeps = { pool: VersionPool; encoders: Encoders; resultLimitBytes: number };

/**
 * Runs one statement and keeps its whole result, encoded, in the answer's spool, which the caller disposes of.
 * Throws what the gate throws, `sql_error`, `result_too_large`, `out_of_memory`, `cancelled`, `query_timeout`.
 */
export async function runQuery(
  request: ReaderQuery,
  query: ActiveQuery,
  deps: QueryDeps,
): Promise<QueryAnswer> {
  const reads = Object.fromEntries(Object.entries(request.reads).map(([name, { file }]) => [name, file]));
  const lease = await deps.pool.lease(request.file, reads);
  let reusable = false;
  try {
    const statement = await prepareChecked(request, query, lease);
    try {
      const answer = await collect(request, query, deps, statement);
      // A result that was not read to its end is still open on the connection.
      reusable = !answer.truncated;
      return answer;
    } finally {
      statement.destroySync();
    }
  } catch (error) {
    if (isFatal(error)) lease.invalidate();
    if (isDamage(error)) await renewed(lease);
    query.check();
    throw error instanceof TeatreeError ? error : sqlError(error, request.sql);
  } finally {
    query.onInterrupt = undefined;
    lease.release(reusable);
  }
}

/** DuckDB found a block whose bytes are not those of its own checksum. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Error && /Corrupt database file|does not match stored checksum/i.test(error.message)
  );
}

export async function renewed(lease: Lease): Promise<never> {
  await lease.renew();
  throw new TeatreeError(
    "unavailable",
    "The file of this version was damaged and was made again. Try again.",
  );
}

async function prepareChecked(
  request: ReaderQuery,
  query: ActiveQuery,
  { connection, checked }: Lease,
): Promise<DuckDBPreparedStatement> {
  query.check();
  query.onInterrupt = () => connection.interrupt();
  const known = checked.has(request.sql);
  const statement = await (known ? connection.prepare(request.sql) : prepareRead(connection, request.sql));
  try {
    query.check();
    // A PIVOT prepares itself on its connection, so every time is its first.
    if (!known && !/pivot/i.test(request.sql)) checked.add(request.sql);
    bindParams(statement, request.params);
    return statement;
  } catch (error) {
    statement.destroySync();
    throw error;
  }
}

async function collect(
  request: ReaderQuery,
  query: ActiveQuery,
  deps: QueryDeps,
  statement: DuckDBPreparedStatement,
): Promise<QueryAnswer> {
  const interrupt = query.onInterrupt;
  const result = await statement.stream();
  query.check();
  const meter = createResultMeter(deps.resultLimitBytes);
  const encoder = await deps.encoders.open(request, columnsOf(result), meter);
  query.onInterrupt = () => {
    interrupt?.();
    encoder.interrupt();
  };
  try {
    const counts = await readRows(result, request.limit ?? Number.POSITIVE_INFINITY, query, encoder);
    const spool = await encoder.end(counts.truncated);
    query.check();
    return { spool, ...counts };
  } catch (error) {
    await encoder.dispose();
    throw error;
  }
}

/** Hands the rows over chunk by chunk, one more than the limit to know whether there are more. */
async function readRows(
  result: DuckDBResult,
  limit: number,
  query: ActiveQuery,
  encoder: ResultEncoder,
): Promise<{ rowCount: number; truncated: boolean }> {
  let rowCount = 0;
  let pending: Promise<DuckDBDataChunk | null> | undefined;
  try {
    for (;;) {
      const chunk: DuckDBDataChunk | null = await (pending ?? result.fetchChunk());
      pending = undefined;
      query.check();
      if (chunk === null || chunk.rowCount === 0) return { rowCount, truncated: false };
      const rows = Math.min(chunk.rowCount, limit - rowCount);
      const truncated = rows < chunk.rowCount;
      // DuckDB makes the next chunk on another thread while this one is encoded.
      if (!truncated) pending = result.fetchChunk();
      rowCount += rows;
      await encoder.add(chunk, rows);
      if (truncated) return { rowCount, truncated };
    }
  } finally {
    // Closing a connection under a running fetch would crash the process.
    await settled(pending, query);
  }
}

async function settled(pending: Promise<unknown> | undefined, query: ActiveQuery): Promise<void> {
  if (pending === undefined) return;
  const timer = setInterval(() => query.onInterrupt?.(), 10);
  query.onInterrupt?.();
  await pending.catch(() => undefined);
  clearInterval(timer);
}
