import multipart from "@fastify/multipart";
import type { Action } from "@teatree/shared/contracts/endpoints";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import Fastify, { type FastifyInstance } from "fastify";
import { allowedHosts, checkSite } from "../server/access/site-guard.ts";
import type { WebContext } from "../server/context.ts";
import { API_POLICY, SAFE_HEADERS } from "../server/site/csp.ts";
import { answerClientError } from "./client-errors.ts";
import { registerTheRest } from "./coming.ts";
import { handleErrors } from "./errors.ts";
import { handlers } from "./handlers.ts";
import { readJsonBodies } from "./json-body.ts";
import { registerEndpoints } from "./register.ts";
import { registerSite, type Site } from "./site.ts";

type RouteAction = { method: string; url: string; action: Action | undefined };

declare module "fastify" {
  interface FastifyInstance {
    /** Every route with what it asks of its caller, for the test that looks for one that asks nothing. */
    teatreeRoutes: RouteAction[];
  }
}

export type WebServerOptions = {
  host: string;
  port: number;
  /** Absent: no pages, only the API. */
  site?: Site;
};

/** All HTTP of Teatree on one server. The caller listens and closes. */
export async function buildWebServer(
  context: WebContext,
  options: WebServerOptions,
): Promise<FastifyInstance> {
  const app = Fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    // A large upload over a slow line takes longer than any timeout that would make sense here.
    requestTimeout: 0,
    routerOptions: { maxParamLength: 2_000 },
    clientErrorHandler: answerClientError,
    // An address that cannot be decoded never reaches a route; its error has the same shape.
    frameworkErrors: (error, _request, reply) => {
      reply.hijack();
      const { code, message } = new TeatreeError("invalid_arguments", error.message);
      reply.raw.writeHead(400, { "content-type": "application/json; charset=utf-8" });
      reply.raw.end(JSON.stringify({ error: { code, message, details: {} } }));
    },
  });
  const routes: RouteAction[] = [];
  app.decorate("teatreeRoutes", routes);
  app.addHook("onRoute", ({ method, url, config }) => {
    for (const name of [method].flat()) routes.push({ method: name, url, action: config?.action });
  });
  const hosts = allowedHosts(options.host, options.port);
  app.addHook("onRequest", async (request, reply) => {
    const isApi = request.url.startsWith("/api/");
    reply.headers({ ...SAFE_HEADERS, ...(isApi ? { "content-security-policy": API_POLICY } : {}) });
    checkSite(request.headers, hosts);
  });
  handleErrors(app, context.logger);
  await app.register(async (scope) => {
    readJsonBodies(scope);
    registerEndpoints(scope, context, handlers, (name) => name !== "createUpload");
    registerTheRest(scope, context);
  });
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    await scope.register(multipart, { limits: { fileSize: Number.MAX_SAFE_INTEGER, files: 1 } });
    // The handler reads the raw body itself: it may be a gigabyte.
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    registerEndpoints(scope, context, handlers, (name) => name === "createUpload");
  });
  await registerSite(app, context, options.site);
  return app;
}
