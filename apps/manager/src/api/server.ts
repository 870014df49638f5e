import { ErrorCode, TeatreeError } from "@teatree/shared/contracts/errors";
import { IntentId, type ModelId } from "@teatree/shared/contracts/ids";
import { Batch, type ManagerHealth, type TokenClaims } from "@teatree/shared/contracts/manager-api";
import { PreviewRequest } from "@teatree/shared/contracts/preview";
import type { Collected } from "@teatree/shared/contracts/retention";
import type { Logger } from "@teatree/shared/runtime/logger";
import { bearerToken, verifyToken } from "@teatree/shared/runtime/tokens";
import fastify, { type FastifyRequest } from "fastify";
import { z } from "zod";
import type { BatchRunner } from "../batches/runner.ts";
import type { Previews } from "../preview/previews.ts";

export interface ManagerApi {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Answers what is under way, then takes nothing more. */
  close(): Promise<void>;
}

/** A batch is at most 4 MB of messages by the dispatcher's rule; the rest is room for escapes. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** The dispatcher's door to the manager, on a free port of the loopback. Every call needs a token for this model and action. */
export async function startManagerApi(options: {
  modelId: ModelId;
  secret: string;
  runner: BatchRunner;
  collect: () => Promise<Collected>;
  preview: Previews["run"];
  health: () => ManagerHealth;
  onStop: () => void;
  logger: Logger;
}): Promise<ManagerApi> {
  const { modelId, runner } = options;
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: "idle" });

  const authorized = (action: TokenClaims["action"]) => ({
    onRequest: (request: FastifyRequest) =>
      verifyToken(options.secret, bearerToken(request.headers.authorization), { sub: modelId, action }),
  });

  server.post("/batches", authorized("batch"), (request) => {
    const batch = parse(Batch, request.body);
    if (batch.items.some((item) => item.intent.modelId !== modelId)) {
      throw new TeatreeError("invalid_arguments", "The batch has intents of another model.");
    }
    return runner.run(batch);
  });
  server.post("/intents/:id/cancel", authorized("cancel"), async (request) => {
    const { id } = parse(z.object({ id: IntentId }), request.params);
    return { running: runner.cancel(id) };
  });
  server.post("/collect", authorized("collect"), () => options.collect());
  server.post("/preview", authorized("preview"), (request, reply) => {
    const asked = parse(PreviewRequest, request.body);
    const gone = new AbortController();
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    return options.preview(asked, gone.signal);
  });
  server.get("/health", authorized("health"), async () => options.health());
  server.post("/stop", authorized("stop"), async () => {
    setImmediate(options.onStop);
    return { ok: true };
  });

  server.setErrorHandler((error, _request, reply) => {
    const known = error instanceof TeatreeError ? error : asTeatreeError(error);
    if (known.status >= 500) options.logger.warn({ error: known }, "a call failed");
    reply.status(known.status).send(known.toBody());
  });
  server.setNotFoundHandler((_request, reply) => {
    reply.status(404).send(new TeatreeError("not_found", "There is nothing here.").toBody());
  });

  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = z.object({ port: z.int() }).parse(server.server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TeatreeError("invalid_arguments", z.prettifyError(parsed.error), { cause: parsed.error });
}

function asTeatreeError(error: unknown): TeatreeError {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : 500;
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof status === "number" && status < 500 ? "invalid_arguments" : "internal";
  return new TeatreeError(ErrorCode.parse(code), message, { cause: error });
}
