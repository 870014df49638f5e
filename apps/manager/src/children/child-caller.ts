import { type ChildProcess, fork } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { z } from "zod";
import { Reply } from "./protocol.ts";

export interface ChildCaller<Request, Answer> {
  /** Rejects with the child's own error, or `crashed` when it died meanwhile; the next call starts a new one. */
  call(request: Request): Promise<Answer>;
  /** Ends the child at once; calls under way reject. */
  stop(): Promise<void>;
}

type Waiting = { resolve(answer: unknown): void; reject(error: Error): void };
type Running = { child: ChildProcess; waiting: Map<number, Waiting>; gone: Promise<void> };

/**
 * A helper process with one kind of call, started now and started again when it died. It gets nothing of this process's
 * environment unless it is given.
 */
export function startChildCaller<Request, Answer>(options: {
  name: string;
  script: URL;
  answer: z.ZodType<Answer>;
  logger: Logger;
  /** Wait for the first call: for work that nobody waits for. */
  lazy?: boolean;
  /** All that the process gets of an environment. */
  env?: Record<string, string>;
}): ChildCaller<Request, Answer> {
  let running: Running | undefined;
  let stopped = false;
  let lastId = 0;

  function ensure(): Running {
    if (running?.child.connected) return running;
    running = startChild(options.name, options.script, options.env ?? {}, options.logger);
    return running;
  }

  if (options.lazy !== true) ensure();
  return {
    async call(request) {
      if (stopped) throw new TeatreeError("unavailable", `The ${options.name} is stopping.`);
      const { child, waiting } = ensure();
      lastId += 1;
      const id = lastId;
      const answer = await new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, request }, (error) => error && reject(crashed(options.name, error)));
      });
      return options.answer.parse(answer);
    },
    async stop() {
      stopped = true;
      running?.child.kill("SIGKILL");
      await running?.gone;
    },
  };
}

function startChild(name: string, script: URL, given: Record<string, string>, logger: Logger): Running {
  const cache = getCompileCacheDir();
  const env = cache === undefined ? given : { ...given, NODE_COMPILE_CACHE: dirname(cache) };
  const child = fork(script, [], { env, execArgv: [], serialization: "advanced" });
  const waiting = new Map<number, Waiting>();
  child.on("message", (message) => {
    const reply = Reply.parse(message);
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("failure" in reply) call?.reject(TeatreeError.fromBody(reply.failure, 500));
    else call?.resolve(reply.answer);
  });
  const gone = new Promise<void>((resolve) => {
    const end = (reason: unknown) => {
      if (waiting.size > 0) logger.warn({ child: name, reason }, "a helper process died at work");
      for (const call of waiting.values()) call.reject(crashed(name, reason));
      waiting.clear();
      resolve();
    };
    child.on("error", end);
    child.on("exit", (code, signal) => end(signal ?? code));
  });
  return { child, waiting, gone };
}

function crashed(name: string, cause: unknown): TeatreeError {
  return new TeatreeError("crashed", `The ${name} process died.`, { cause });
}
