import { TeatreeError } from "@teatree/shared/contracts/errors";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorPage } from "../server/site/error-page.ts";

const TEXTS = {
  unavailable: "A part of Teatree is not reachable right now. Try again in a moment.",
  disk_full: "The server's disk is full.",
  cancelled: "The request was cancelled.",
} as const;

/** Whatever a handler throws, as the one error shape; what nobody foresaw is logged with all it says. */
export function handleErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler(async (thrown, request: FastifyRequest, reply: FastifyReply) => {
    const error = asTeatreeError(thrown);
    const { method, routeOptions } = request;
    const where = { method, route: routeOptions.url, code: error.code };
    if (error.status >= 500 && error.code !== "not_available")
      logger.error({ error: thrown, ...where }, "failed");
    if (reply.raw.headersSent) {
      // Half an answer is on its way: only breaking the connection tells the client so.
      reply.raw.destroy();
      return reply;
    }
    if (error.mayRetry && error.status === 503) reply.header("retry-after", "1");
    reply.code(error.status).header("cache-control", "no-store");
    if (wantsPage(request)) return reply.type("text/html; charset=utf-8").send(errorPage(error.message));
    return reply.send(error.toBody());
  });
}

function wantsPage({ url, headers }: FastifyRequest): boolean {
  return !url.startsWith("/api/") && (headers.accept ?? "").includes("text/html");
}

/** Our own errors as they are, Fastify's and the servers' by their code; everything else is `internal`. */
export function asTeatreeError(thrown: unknown): TeatreeError {
  if (thrown instanceof TeatreeError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new TeatreeError("upload_too_large", "The body is too large: send the rows as an upload.", {
      cause: thrown,
    });
  }
  if (
    code === "FST_ERR_CTP_INVALID_CONTENT_LENGTH" ||
    code === "ECONNRESET" ||
    code === "ERR_STREAM_PREMATURE_CLOSE"
  ) {
    return new TeatreeError("upload_incomplete", "The body broke off before its end.", { cause: thrown });
  }
  // SQLSTATE of text that PostgreSQL cannot hold: only a path or a query can still bring it.
  if (code === "22021" || code === "22P05") {
    return new TeatreeError("invalid_arguments", "The address holds a character that is not text.", {
      details: { issues: [] },
      cause: thrown,
    });
  }
  const known = errorCodeOf(thrown);
  if (known === "unavailable" || known === "disk_full" || known === "cancelled") {
    return new TeatreeError(known, TEXTS[known], { cause: thrown });
  }
  return new TeatreeError("internal", "Something went wrong in the server. Its log says more.", {
    cause: thrown,
  });
}
