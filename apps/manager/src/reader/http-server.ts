import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ReaderCompare } from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { ReaderQuery } from "@teatree/shared/contracts/manager-api";
import { QUERY_HEADERS, type ResultType } from "@teatree/shared/contracts/query";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { z } from "zod";
import type { ActiveQueries } from "./active-queries.ts";
import { type Comparisons, comparisons } from "./comparisons.ts";
import { readJson } from "./request-body.ts";
import { type QueryDeps, runQuery } from "./run-query.ts";
import { tokenCheck } from "./token-check.ts";

const CONTENT_TYPES: Record<ResultType, string> = {
  "application/vnd.apache.arrow.stream": "application/vnd.apache.arrow.stream",
  "application/json": "application/json; charset=utf-8",
  "text/csv": "text/csv; charset=utf-8; header=present",
  "application/vnd.apache.parquet": "application/vnd.apache.parquet",
};

export type ReaderServerOptions = QueryDeps & {
  modelId: ModelId;
  secret: string;
  queries: ActiveQueries;
  logger: Logger;
  /** Told how many queries are being run or answered, whenever that changes. */
  onBusy: (count: number) => void;
};

/**
 * The reader's HTTP interface: `POST /query`, `POST /compare`, `GET` and `DELETE /queries/{id}`, `GET /health`. Not
 * listening yet.
 */
export function readerServer(options: ReaderServerOptions): Server {
  const authorize = tokenCheck(options.secret, options.modelId);
  const compared = comparisons(options.pool);
  let busy = 0;
  const count = (change: 1 | -1) => {
    busy += change;
    options.onBusy(busy);
  };
  return createServer((request, response) => {
    answer({ ...options, compared, authorize, count }, request, response).catch((error) =>
      fail(options.logger, response, error),
    );
  });
}

type Context = ReaderServerOptions & {
  compared: Comparisons;
  authorize: (header: string | undefined) => Promise<void>;
  count: (change: 1 | -1) => void;
};

async function answer(options: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://reader");
  const { modelId, authorize, queries } = options;
  if (request.method === "GET" && pathname === "/health") {
    return sendJson(response, 200, { modelId, active: queries.count });
  }
  await authorize(request.headers.authorization);
  if (request.method === "POST" && pathname === "/query") {
    options.count(1);
    return postQuery(options, request, response).finally(() => options.count(-1));
  }
  if (request.method === "POST" && pathname === "/compare") {
    options.count(1);
    return postCompare(options, request, response).finally(() => options.count(-1));
  }
  const named = /^\/queries\/([^/]+)$/.exec(pathname)?.[1];
  if (request.method === "DELETE" && named !== undefined) {
    if (queries.cancel(named)) return sendJson(response, 202, {});
    throw new TeatreeError("query_not_found", "No query of this id is running.");
  }
  if (request.method === "GET" && named !== undefined) {
    const progress = queries.progressOf(named);
    if (progress !== undefined) return sendJson(response, 200, { progress });
    throw new TeatreeError("query_not_found", "No query of this id is running.");
  }
  throw new TeatreeError("not_found", "The reader has no such path.");
}

async function postQuery(
  options: ReaderServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const query = await parsedBody(ReaderQuery, request);
  const { queries } = options;
  const { spool, rowCount, truncated } = await queries.run(query.queryId, query.timeoutMs, (active) => {
    const hungUp = () => active.stop(new TeatreeError("cancelled", "The client went away."));
    response.once("close", hungUp);
    if (response.destroyed) hungUp();
    return runQuery(query, active, options);
  });
  try {
    response.writeHead(200, {
      "content-type": CONTENT_TYPES[query.accept],
      "content-length": spool.bytes,
      [QUERY_HEADERS.version]: query.version,
      [QUERY_HEADERS.queryId]: query.queryId,
      [QUERY_HEADERS.truncated]: String(truncated),
      [QUERY_HEADERS.rowCount]: rowCount,
      [QUERY_HEADERS.elapsedMs]: Math.round((performance.now() - startedAt) * 10) / 10,
    });
    await spool.send(response);
  } finally {
    await spool.dispose();
  }
}

async function postCompare(
  { queries, compared }: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wanted = await parsedBody(ReaderCompare, request);
  const answer = await queries.run(wanted.queryId, wanted.timeoutMs, (active) => {
    const hungUp = () => active.stop(new TeatreeError("cancelled", "The client went away."));
    response.once("close", hungUp);
    if (response.destroyed) hungUp();
    return compared.page(wanted, active);
  });
  sendJson(response, 200, answer);
}

async function parsedBody<Schema extends z.ZodType>(
  schema: Schema,
  request: IncomingMessage,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await readJson(request));
  if (parsed.success) return parsed.data;
  throw new TeatreeError("invalid_arguments", "The query is not what the reader expects.", {
    details: {
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    },
  });
}

function fail(logger: Logger, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // The client hung up while its result was on the way; nobody is left to tell.
    response.destroy();
    return;
  }
  if (!(error instanceof TeatreeError)) logger.error({ error }, "a query failed for an unforeseen reason");
  const known =
    error instanceof TeatreeError
      ? error
      : new TeatreeError("internal", "The reader failed to answer.", { cause: error });
  sendJson(response, known.status, known.toBody());
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": text.length,
  });
  response.end(text);
}
