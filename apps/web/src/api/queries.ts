import { pipeline } from "node:stream/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { QUERY_HEADERS } from "@teatree/shared/contracts/query";
import { isNotModified } from "../server/http/conditions.ts";
import { takeOver } from "../server/http/take-over.ts";
import { queryEtag, resultTypeFor } from "../server/reads/query-request.ts";
import { planQuery, runQuery } from "../server/reads/run-query.ts";
import { cancelQuery, progressOf, queryIdFor } from "../server/reads/running-queries.ts";
import type { Handlers } from "./handler.ts";

/** What of the reader's headers goes on to the client. */
const PASSED_ON = ["content-type", "content-length", "content-disposition", ...Object.values(QUERY_HEADERS)];

export const queryHandlers = {
  async queryModel({ context, user, model, body, request, reply, signal }) {
    const accept = resultTypeFor(request.headers.accept);
    const queryId = queryIdFor(request.headers[QUERY_HEADERS.queryId]);
    const plan = await planQuery(context, user, model, body, signal);
    const etag = queryEtag(body, accept, plan.version, plan.reads);
    const headers: Record<string, string> = {
      etag,
      vary: "accept",
      "cache-control": "private, no-cache",
      [QUERY_HEADERS.version]: String(plan.version.version),
    };
    // An equal answer was given before: the reader need not even run.
    if (isNotModified(request.headers, etag)) return { status: 304, body: undefined, headers };
    const answer = await runQuery(context, plan, body, { accept, queryId, signal });
    try {
      const passed = PASSED_ON.flatMap((name) => {
        const value = answer.headers[name];
        return typeof value === "string" ? [[name, value]] : [];
      });
      const all = { ...Object.fromEntries(passed), ...headers, [QUERY_HEADERS.queryId]: answer.queryId };
      await pipeline(answer.body, takeOver(reply, 200, all));
    } finally {
      answer.done();
    }
    return "sent";
  },

  async getQueryProgress({ params }) {
    return { status: 200, body: await progressOf(params.query) };
  },

  async cancelQuery({ params }) {
    if (await cancelQuery(params.query)) return { status: 202, body: { ok: true } };
    throw new TeatreeError("query_not_found", "No such query is running; it may have ended.", {
      details: { query: params.query },
    });
  },
} satisfies Partial<Handlers>;
