import { COMING_PATHS } from "@teatree/shared/contracts/endpoints";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FastifyInstance } from "fastify";
import type { WebContext } from "../server/context.ts";
import { guardedRoute } from "./guarded-route.ts";
import { API_ROOT, routerPath } from "./register.ts";

/** Paths of the contract that a later release fills, and all that nobody knows: both in the error shape. */
export function registerTheRest(app: FastifyInstance, context: WebContext): void {
  for (const { method, path } of COMING_PATHS) {
    guardedRoute(app, context, {
      method: [method],
      url: API_ROOT + routerPath(path),
      action: "session",
      handle: async () => {
        throw new TeatreeError("not_available", "This comes with a later release.", {
          details: { method, path },
        });
      },
    });
  }
  guardedRoute(app, context, {
    method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    url: "/api/*",
    action: "open",
    handle: async ({ request }) => {
      const path = request.url.split("?")[0];
      throw new TeatreeError(
        "not_found",
        `There is nothing at ${request.method} ${path}. See ${API_ROOT}/openapi.json.`,
      );
    },
  });
}
