import type { Action } from "@teatree/shared/contracts/endpoints";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { authorize } from "../server/access/authorize.ts";
import type { Identity } from "../server/access/identity.ts";
import type { WebContext } from "../server/context.ts";
import { requireModel } from "../server/reads/find-model.ts";
import { asTeatreeError } from "./errors.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a caller must be allowed to do. A route without it was not made by {@link guardedRoute}. */
    action?: Action;
  }
}

type Guarded = {
  user: Identity | null;
  model: GoalModel | undefined;
  request: FastifyRequest;
  reply: FastifyReply;
};

export type GuardedRoute = {
  method: HTTPMethods[];
  url: string;
  action: Action;
  /** Id or name of the model that the request is about. */
  modelOf?: (request: FastifyRequest) => string | undefined;
  /** What a stranger gets instead of the error; pages show how to sign in. */
  onStranger?: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  handle: (guarded: Guarded) => Promise<void>;
};

/**
 * The one way to make a route: nothing of a handler runs before `authorize` agreed. Identity and right come before
 * the model is looked for and before the body is read, so that strangers learn nothing and cost little.
 */
export function guardedRoute(app: FastifyInstance, context: WebContext, route: GuardedRoute): void {
  const guarded = new WeakMap<FastifyRequest, Pick<Guarded, "user" | "model">>();
  app.route({
    method: route.method,
    url: route.url,
    config: { action: route.action },
    onRequest: async (request, reply) => {
      const user = await context.sessions.identify(request.headers);
      if (user === null && route.action !== "open" && route.onStranger) {
        await route.onStranger(request, reply);
        return;
      }
      authorize(user, route.action);
      const name = route.modelOf?.(request);
      const model = name === undefined ? undefined : await requireModel(context.pool, name);
      if (model) authorize(user, route.action, model);
      guarded.set(request, { user, model });
    },
    handler: async (request, reply) => {
      const known = guarded.get(request);
      if (known === undefined) throw new Error("a request reached its handler unguarded");
      try {
        await route.handle({ ...known, request, reply });
      } catch (error) {
        // What breaks an answer that a handler has begun itself reaches no error handler: the log is all that tells of it.
        if (reply.raw.headersSent) logBroken(context.logger, error, request);
        throw error;
      }
      return reply;
    },
  });
}

function logBroken(logger: Logger, thrown: unknown, { method, routeOptions }: FastifyRequest): void {
  const { status, code } = asTeatreeError(thrown);
  if (status >= 500) logger.error({ error: thrown, method, route: routeOptions.url, code }, "broken off");
}
