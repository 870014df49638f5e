import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { QueryId } from "@teatree/shared/contracts/ids";
import type { Query, ResultType } from "@teatree/shared/contracts/query";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import { authorize } from "../access/authorize.ts";
import type { Identity } from "../access/identity.ts";
import type { WebContext } from "../context.ts";
import { requireModel, requireVersion } from "./find-model.ts";
import { type ReadVersion, readsForReader } from "./query-request.ts";
import { callReader, type ReaderAnswer } from "./reader-call.ts";
import { ended, runsAt } from "./running-queries.ts";
import { waitForVersion } from "./wait-for-version.ts";

const DEFAULT_QUERY_TIMEOUT_MS = 30_000;

/** What the query reads, all versions fixed. */
export type PlannedQuery = { model: GoalModel; version: ReadVersion; reads: Record<string, ReadVersion> };

/** Finds the versions the query is about; the right to read the other models is checked for each. */
export async function planQuery(
  context: Pick<WebContext, "pool" | "stopping">,
  user: Identity,
  model: GoalModel,
  query: Query,
  signal: AbortSignal,
): Promise<PlannedQuery> {
  const { pool, stopping } = context;
  const timeoutMs = query.timeoutMs ?? DEFAULT_QUERY_TIMEOUT_MS;
  const current =
    query.minVersion === undefined
      ? model
      : await waitForVersion(pool, model, query.minVersion, {
          timeoutMs,
          signal: AbortSignal.any([signal, stopping]),
        });
  const version = await readVersion(context, current, query.version ?? "latest");
  if (query.minVersion !== undefined && version.version < query.minVersion) {
    throw new TeatreeError("invalid_arguments", "minVersion: is beyond the version that is asked for", {
      details: { issues: [{ path: "minVersion", message: "is beyond the version that is asked for" }] },
    });
  }
  const reads: Record<string, ReadVersion> = {};
  for (const [schema, read] of Object.entries(query.reads ?? {})) {
    const other = await requireModel(pool, read.model);
    authorize(user, "read", other);
    reads[schema] = await readVersion(context, other, read.version);
  }
  return { model: current, version, reads };
}

async function readVersion(
  { pool }: Pick<WebContext, "pool">,
  model: GoalModel,
  wanted: number | "latest",
): Promise<ReadVersion> {
  const { version, hash, file } = await requireVersion(pool, model, wanted);
  return { modelId: model.id, version, hash, file };
}

export type RunningQuery = ReaderAnswer & { queryId: QueryId };

/**
 * Runs a planned query on the model's reader. A reader that does not answer is looked for again for some seconds: it may
 * have been stopped for idling, or another query may have ended it. The answer's body is unread; call `done` when it is over.
 */
export async function runQuery(
  context: Pick<WebContext, "managers">,
  plan: PlannedQuery,
  query: Query,
  { accept, queryId, signal }: { accept: ResultType; queryId: QueryId; signal: AbortSignal },
): Promise<RunningQuery & { done: () => void }> {
  const { managers } = context;
  const { sql, params, limit, timeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = query;
  const { version, file } = plan.version;
  const request = { queryId, sql, params, limit, timeoutMs, accept, version, file };
  const done = () => ended(queryId);
  async function attempt(fresh: boolean) {
    const [readerUrl, token] = await Promise.all([
      managers.readerUrl(plan.model, { fresh }),
      managers.queryToken(plan.model),
    ]);
    runsAt(queryId, readerUrl, token);
    return callReader(readerUrl, token, { ...request, reads: readsForReader(plan.reads) }, signal);
  }
  try {
    const answer = await retry(RETRIES.reader, (number) => attempt(number > 1), { signal });
    return { ...answer, queryId, done };
  } catch (error) {
    done();
    throw error;
  }
}
