import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { z } from "zod";
import { TeatreeError } from "../contracts/errors.ts";
import { errorCodeOf } from "./error-code.ts";

const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;

export interface CallOptions<T> {
  method?: "GET" | "POST" | "DELETE" | "PUT";
  token?: string;
  /** Sent as JSON when given. */
  body?: unknown;
  /** What the answer must be; an empty answer reads as null. */
  schema: z.ZodType<T>;
  /** From the call to the last byte of the answer. Absent: as long as it takes. */
  timeoutMs?: number;
  signal?: AbortSignal;
  traceparent?: string;
}

/**
 * One call between Teatree's processes. Throws a TeatreeError: the callee's own when it answers with one,
 * `unavailable` (`details.reason` such as ECONNREFUSED, or `timeout`) when there is no answer,
 * `cancelled` when the signal aborts, `internal` when the answer is not what the schema says.
 */
export async function callJson<T>(url: string, options: CallOptions<T>): Promise<T> {
  const { status, text } = await send(url, options);
  const answer = parseJson(text);
  if (status < 200 || status > 299) throw TeatreeError.fromBody(answer, status);
  const parsed = options.schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new TeatreeError("internal", `${pathOf(url)} gave an unexpected answer.`, { cause: parsed.error });
}

// Not fetch: it gives up after 300 s without headers, and a batch may take longer.
function send<T>(url: string, options: CallOptions<T>): Promise<{ status: number; text: string }> {
  const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
  const signals = options.signal === undefined ? [] : [options.signal];
  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  if (timeout !== undefined) signals.push(timeout);
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(asTeatreeError(url, error, options.signal, timeout));
    const outgoing = request(
      url,
      {
        method: options.method ?? "GET",
        headers: headersOf(options, body),
        // A kept connection may be one that the other side is just closing.
        agent: false,
        ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
      },
      (incoming) =>
        readText(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, text }), fail),
    );
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

function headersOf<T>(options: CallOptions<T>, body: Buffer | undefined): Record<string, string | number> {
  return {
    accept: "application/json",
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": body.length }),
  };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > ANSWER_LIMIT_BYTES) throw new TeatreeError("internal", "The answer is too large.");
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asTeatreeError(
  url: string,
  cause: unknown,
  signal: AbortSignal | undefined,
  timeout: AbortSignal | undefined,
): TeatreeError {
  if (cause instanceof TeatreeError) return cause;
  if (signal?.aborted === true) return new TeatreeError("cancelled", "The call was given up.", { cause });
  const path = pathOf(url);
  if (timeout?.aborted === true) {
    return new TeatreeError("unavailable", `${path} did not answer in time.`, {
      cause,
      details: { reason: "timeout" },
    });
  }
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  const code =
    errorCodeOf(cause) === "unavailable" || reason === "HPE_INVALID_CONSTANT" ? "unavailable" : "internal";
  return new TeatreeError(code, `${path} cannot be reached.`, { cause, details: { reason } });
}

function pathOf(url: string): string {
  return new URL(url).pathname;
}
