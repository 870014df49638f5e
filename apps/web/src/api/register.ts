import { ENDPOINTS, type Endpoint, type EndpointName } from "@teatree/shared/contracts/endpoints";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { WebContext } from "../server/context.ts";
import { parseInput } from "../server/http/issues.ts";
import { guardedRoute } from "./guarded-route.ts";
import type { Handlers } from "./handler.ts";
import { refuseComingFunctions } from "./intents.ts";

export const API_ROOT = "/api/v1";

/** Registers the named endpoints of the table: identify → find the model → authorize → parse → handle. */
export function registerEndpoints(
  app: FastifyInstance,
  context: WebContext,
  handlers: Handlers,
  wanted: (name: EndpointName) => boolean,
): void {
  for (const name of endpointNames().filter(wanted))
    registerEndpoint(app, context, ENDPOINTS[name], handlers[name]);
}

function endpointNames(): EndpointName[] {
  const isName = (name: string): name is EndpointName => name in ENDPOINTS;
  return Object.keys(ENDPOINTS).filter(isName);
}

type AnyHandler = (call: never) => Promise<AnyAnswer>;

function registerEndpoint(
  app: FastifyInstance,
  context: WebContext,
  endpoint: Endpoint,
  handler: AnyHandler,
): void {
  guardedRoute(app, context, {
    method: endpoint.method === "GET" ? ["GET", "HEAD"] : [endpoint.method],
    url: API_ROOT + routerPath(endpoint.path),
    action: endpoint.action,
    modelOf: (request) => modelName(endpoint, request),
    handle: async ({ user, model, request, reply }) => {
      const parts = {
        params: endpoint.params && parseInput(endpoint.params, request.params),
        query: endpoint.query && parseInput(endpoint.query, request.query),
        body: isSchema(endpoint.body) ? parseBody(endpoint, endpoint.body, request.body) : undefined,
      };
      const signal = whenGone(request, reply);
      const call = { context, user, model, ...parts, request, reply, signal };
      // Each part was just parsed by the schema it is typed from; the compiler cannot follow that through the table.
      await send(reply, await handler(call as never));
    },
  });
}

function parseBody(endpoint: Endpoint, schema: z.ZodType, body: unknown): unknown {
  if (endpoint === ENDPOINTS.submitIntents || endpoint === ENDPOINTS.previewIntent)
    refuseComingFunctions(body);
  return parseInput(schema, body);
}

type AnyAnswer = "sent" | { status: PropertyKey; body: unknown; headers?: Record<string, string> };

async function send(reply: FastifyReply, answer: AnyAnswer): Promise<void> {
  if (answer === "sent") return;
  reply.code(Number(answer.status)).headers(answer.headers ?? {});
  await reply.send(answer.body);
}

function isSchema(body: Endpoint["body"]): body is Exclude<Endpoint["body"], { bytes: string } | undefined> {
  return body !== undefined && !("bytes" in body);
}

function modelName(endpoint: Endpoint, request: FastifyRequest): string | undefined {
  if (!endpoint.path.includes("{model}") || !endpoint.params) return undefined;
  const { model } = parseInput(endpoint.params, request.params);
  return typeof model === "string" ? model : undefined;
}

/** `{name}` as the router writes it; a colon of the contract's own path is doubled there. */
export function routerPath(path: string): string {
  return path.replaceAll(":", "::").replace(/\{(\w+)\}/g, ":$1");
}

function whenGone(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort(new Error("the client went away"));
  });
  if (request.raw.destroyed && !request.raw.complete) controller.abort(new Error("the client went away"));
  return controller.signal;
}
