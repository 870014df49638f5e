import type { z } from "zod";
import type { Endpoint } from "../contracts/endpoints.ts";
import { TeatreeError } from "../contracts/errors.ts";

export type SendOptions = {
  signal?: AbortSignal;
  headers?: Record<string, string>;
};

export type CallInput = {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
};

type Route = Pick<Endpoint, "method" | "path">;

export type Sender = ReturnType<typeof createSender>;

/** The transport below the typed client: addresses, headers, errors, parsing. */
export function createSender(options: { baseUrl?: string; token?: string; fetch?: typeof globalThis.fetch }) {
  const base = `${options.baseUrl?.replace(/\/+$/, "") ?? ""}/api/v1`;
  const authorization: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };

  function url(route: Route, input: unknown): string {
    return base + pathWithQuery(route.path, inputOf(input));
  }

  async function send(route: Route, input: unknown, sendOptions: SendOptions): Promise<Response> {
    const { body } = inputOf(input);
    const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    // Looked up at each call: tests and service workers replace the page's fetch after this module ran.
    const fetch = options.fetch ?? globalThis.fetch;
    const response = await reach(() =>
      fetch(url(route, input), {
        method: route.method,
        headers: { accept: "application/json", ...json, ...authorization, ...sendOptions.headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(sendOptions.signal ? { signal: sendOptions.signal } : {}),
      }),
    );
    if (!response.ok) throw TeatreeError.fromBody(await bodyOf(response), response.status);
    return response;
  }

  async function json<Schema extends z.ZodType>(
    route: Route,
    answer: Schema,
    input: unknown,
    sendOptions: SendOptions,
  ): Promise<z.output<Schema>> {
    return parseAnswer(answer, await bodyOf(await send(route, input, sendOptions)));
  }

  const bytesOf = (response: Response) => reach(async () => new Uint8Array(await response.arrayBuffer()));
  return { url, send, json, bytesOf, headers: authorization };
}

/** Parses an answer of the server; one that does not fit its contract is an `internal` error. */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new TeatreeError("internal", "The server's answer does not fit its contract.", {
    cause: parsed.error,
  });
}

async function reach<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new TeatreeError("unavailable", "The server cannot be reached. Is it running?", { cause });
  }
}

/** JSON of an answer, undefined when it is empty or not JSON: proxies answer HTML when the server is away. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await reach(() => response.text());
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inputOf(input: unknown): CallInput {
  return typeof input === "object" && input !== null ? input : {};
}

function pathWithQuery(path: string, { params = {}, query = {} }: CallInput): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}
