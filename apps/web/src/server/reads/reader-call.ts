import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { ReaderProgress } from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ReaderQuery } from "@teatree/shared/contracts/manager-api";
import type { ResultType } from "@teatree/shared/contracts/query";
import { callJson } from "@teatree/shared/runtime/http-json";

const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 30_000 });
const ERROR_LIMIT_BYTES = 64 * 1024;

export type ReaderAnswer = {
  headers: IncomingMessage["headers"];
  body: IncomingMessage;
};

/** Sends a query to a reader; see `postToReader`. */
export function callReader(
  readerUrl: string,
  token: string,
  query: ReaderQuery,
  signal: AbortSignal,
): Promise<ReaderAnswer> {
  return postToReader(`${readerUrl}/query`, token, query, query.accept, signal);
}

/**
 * Sends work to a reader; resolves with the unread answer when it is a success.
 * Throws the reader's own error; `manager_unavailable` when it did not take the query, `unavailable` when it ended while
 * the query ran.
 */
export function postToReader(
  url: string,
  token: string,
  work: object,
  accept: ResultType,
  signal: AbortSignal,
): Promise<ReaderAnswer> {
  const body = Buffer.from(JSON.stringify(work));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method: "POST",
        agent,
        signal,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "content-length": body.length,
          accept,
        },
      },
      (answer) => {
        if (answer.statusCode === 200) resolve({ headers: answer.headers, body: answer });
        else errorOf(answer).then(reject, reject);
      },
    );
    request.on("error", (cause) => {
      const cancelled = new TeatreeError("cancelled", "The query was cancelled.", { cause });
      reject(signal.aborted ? cancelled : gone(cause));
    });
    request.end(body);
  });
}

function gone(cause: NodeJS.ErrnoException): TeatreeError {
  if (cause.code === "ECONNREFUSED") {
    return new TeatreeError("manager_unavailable", "The model's reader does not answer.", { cause });
  }
  return new TeatreeError("unavailable", "The model's reader ended while the query ran. Try again.", {
    cause,
  });
}

/** Stops a query on a reader; false when that reader does not know it. */
export function cancelAtReader(readerUrl: string, token: string, queryId: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { method: "DELETE", headers: { authorization: `Bearer ${token}` }, timeout: 2_000 };
    const request = httpRequest(`${readerUrl}/queries/${queryId}`, options, (answer) => {
      answer.resume();
      resolve((answer.statusCode ?? 500) < 300);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
    request.end();
  });
}

/** How far a query is; null when that reader does not know it or does not answer. */
export async function progressAtReader(
  readerUrl: string,
  token: string,
  queryId: string,
): Promise<ReaderProgress | null> {
  const asked = callJson(`${readerUrl}/queries/${queryId}`, {
    method: "GET",
    token,
    schema: ReaderProgress,
    timeoutMs: 2_000,
  });
  return asked.catch(() => null);
}

async function errorOf(answer: IncomingMessage): Promise<TeatreeError> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes <= ERROR_LIMIT_BYTES) chunks.push(piece);
  }
  return TeatreeError.fromBody(
    jsonOrNothing(Buffer.concat(chunks).toString("utf8")),
    answer.statusCode ?? 500,
  );
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
