import { text } from "node:stream/consumers";
import { type ReaderCompare, ReaderComparison } from "@teatree/shared/contracts/compare";
import type { QueryId } from "@teatree/shared/contracts/ids";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import type { WebContext } from "../context.ts";
import { postToReader } from "./reader-call.ts";
import { ended, runsAt } from "./running-queries.ts";

const COMPARE_TIMEOUT_MS = 120_000;

/** Compares the rows of one table on the model's reader; it is looked for again for some seconds, as for a query. */
export async function compareRows(
  { managers }: Pick<WebContext, "managers">,
  model: GoalModel,
  wanted: Omit<ReaderCompare, "timeoutMs" | "queryId">,
  { queryId, signal }: { queryId: QueryId; signal: AbortSignal },
): Promise<ReaderComparison> {
  const work: ReaderCompare = { ...wanted, queryId, timeoutMs: COMPARE_TIMEOUT_MS };
  async function attempt(fresh: boolean) {
    const [readerUrl, token] = await Promise.all([
      managers.readerUrl(model, { fresh }),
      managers.queryToken(model),
    ]);
    runsAt(queryId, readerUrl, token);
    const { body } = await postToReader(`${readerUrl}/compare`, token, work, "application/json", signal);
    return ReaderComparison.parse(JSON.parse(await text(body)));
  }
  try {
    return await retry(RETRIES.reader, (number) => attempt(number > 1), { signal });
  } finally {
    ended(queryId);
  }
}
