import type { QueryProgress } from "@teatree/shared/contracts/compare";
import { QueryId } from "@teatree/shared/contracts/ids";
import { QUERY_HEADERS } from "@teatree/shared/contracts/query";
import { v7 as uuidv7 } from "uuid";
import { invalidArguments } from "../http/issues.ts";
import { cancelAtReader, progressAtReader } from "./reader-call.ts";

/** Queries and comparisons that run through this process: which reader to ask about one. */
const running = new Map<string, { readerUrl: string; token: string }>();

export function runsAt(queryId: QueryId, readerUrl: string, token: string): void {
  running.set(queryId, { readerUrl, token });
}

export function ended(queryId: QueryId): void {
  running.delete(queryId);
}

/** The id that a client chose, to be able to stop the query before it has an answer; else a new one. Throws `invalid_arguments`. */
export function queryIdFor(chosen: string | string[] | undefined): QueryId {
  if (chosen === undefined) return QueryId.parse(uuidv7());
  const parsed = QueryId.safeParse(chosen);
  if (parsed.success && !running.has(parsed.data)) return parsed.data;
  const message = parsed.success ? "is the id of a query that runs" : "is no UUID";
  throw invalidArguments([{ path: QUERY_HEADERS.queryId, message }]);
}

/** False when no such query runs through this process. */
export async function cancelQuery(queryId: string): Promise<boolean> {
  const at = running.get(queryId);
  return at ? cancelAtReader(at.readerUrl, at.token, queryId) : false;
}

/** Whether such a query runs through this process, and how far it is. */
export async function progressOf(queryId: string): Promise<QueryProgress> {
  const at = running.get(queryId);
  const found = at ? await progressAtReader(at.readerUrl, at.token, queryId) : null;
  return { running: running.has(queryId), progress: found?.progress ?? null };
}
