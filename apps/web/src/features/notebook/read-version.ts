import { QUERY_HEADERS, type ResultType } from "@teatree/shared/contracts/query";
import { tableFromIPC } from "apache-arrow";
import { api } from "../../clients/page-api.ts";
import { gridData, type ResultSet } from "../results/index.ts";

export type VersionAnswer = { result: ResultSet; version: number; elapsedMs: number };

/**
 * Reads at most `limit` rows of a statement on one version.
 * @throws TeatreeError with the server's code; an abort throws the signal's reason and stops the query on the server
 */
export async function readVersion(
  model: string,
  sql: string,
  options: { version: number | "latest"; limit: number; signal: AbortSignal },
): Promise<VersionAnswer> {
  const { version, limit, signal } = options;
  const started = performance.now();
  const { response, bytes } = await api.queryBytes(model, { sql, version, limit }, { signal });
  const table = tableFromIPC(bytes);
  const number = (name: string) => {
    const value = response.headers.get(name);
    return value === null ? null : Number(value);
  };
  const truncated = response.headers.get(QUERY_HEADERS.truncated) === "true";
  return {
    version: number(QUERY_HEADERS.version) ?? (version === "latest" ? 0 : version),
    elapsedMs: number(QUERY_HEADERS.elapsedMs) ?? performance.now() - started,
    result: { data: gridData(table), truncated, limit, totalRows: truncated ? null : table.numRows },
  };
}

/** How many rows the statement gives in all; null when that cannot be asked of it. */
export async function countRows(
  model: string,
  sql: string,
  version: number,
  signal: AbortSignal,
): Promise<number | null> {
  const statement = sql.trim().replace(/;\s*$/, "");
  // A line of its own: the statement may end in a line comment.
  const counting = `SELECT count(*) AS n FROM (\n${statement}\n) AS counted`;
  try {
    const { rows } = await api.queryJson(model, { sql: counting, version, limit: 1 }, { signal });
    const count = Number(rows[0]?.[0]);
    return Number.isFinite(count) ? count : null;
  } catch {
    return null;
  }
}

/** The whole result as a file: every row, not only those in the grid. */
export async function resultFile(
  model: string,
  sql: string,
  options: { version: number | "latest"; accept: ResultType; signal: AbortSignal },
): Promise<Blob> {
  const { version, accept, signal } = options;
  const { bytes } = await api.queryBytes(model, { sql, version }, { signal, accept });
  return new Blob([bytes], { type: accept });
}
