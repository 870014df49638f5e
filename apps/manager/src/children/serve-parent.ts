import { flushCompileCache } from "node:module";
import { setPriority } from "node:os";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import type { z } from "zod";
import { Call, type Reply } from "./protocol.ts";

/**
 * The child's side: answers calls of the parent, each with `handle`. The process ends at once when the channel goes, so that
 * nothing outlives a killed manager. `nice` is added to its priority (0–19).
 */
export function serveParent<Request>(
  request: z.ZodType<Request>,
  handle: (request: Request) => Promise<unknown>,
  options: { nice?: number } = {},
): void {
  if (options.nice !== undefined) setPriority(options.nice);
  // It will be killed and never exit by itself: what was compiled is kept now.
  flushCompileCache();
  // Native threads may be at work: an orderly exit would wait for them.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // The parent decides when: a Ctrl-C in the terminal reaches the whole group.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  process.on("message", (message) => {
    const { id, request: body } = Call.parse(message);
    answer(id, async () => handle(request.parse(body)));
  });
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  send({ id, ...(await outcomeOf(work)) });
}

async function outcomeOf(work: () => Promise<unknown>) {
  try {
    return { answer: await work() };
  } catch (error) {
    return { failure: asTeatreeError(error).toBody() };
  }
}

function asTeatreeError(error: unknown): TeatreeError {
  if (error instanceof TeatreeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TeatreeError(errorCodeOf(error), message, { cause: error });
}

function send(reply: Reply): void {
  if (process.connected) process.send?.(reply);
}
