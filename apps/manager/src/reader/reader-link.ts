import type { ChildProcess } from "node:child_process";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { VersionFile } from "@teatree/shared/contracts/manager-api";
import { FromReader, type ReaderSettings, type ToReader } from "./reader-messages.ts";

/** Starting includes loading DuckDB, on a machine that may be busy. */
const READY_WITHIN_MS = 30_000;
/** A native call that never returns blocks the whole process; no query's own limit would be noticed then. */
const PING_EVERY_MS = 2_000;
const SILENT_AFTER_MS = 20_000;

/** Makes the file of a version; `fresh`: even if it is there. */
export type MakeFile = (file: VersionFile, fresh: boolean) => Promise<void>;

/** The manager's end of the channel to one reader process. */
export type ReaderLink = {
  readonly port: number;
  readonly pid: number | undefined;
  warm(file: string): Promise<void>;
  retire(file: string): void;
  idleMs(): number;
  kill(): void;
  /** Resolves with what ended the process. */
  readonly gone: Promise<string>;
};

/** Gives the process its settings and waits until it listens. Rejects, with the process gone, when it does not. */
export async function readerLink(
  child: ChildProcess,
  settings: ReaderSettings,
  makeFile: MakeFile,
): Promise<ReaderLink> {
  const gone = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  const channel = openChannel(child, gone, makeFile);
  channel.send({ kind: "start", settings });
  const late = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN_MS);
  try {
    const port = await Promise.race([channel.ready, gone.then(neverReady)]);
    return {
      port,
      pid: child.pid,
      warm: channel.warm,
      retire: (file) => channel.send({ kind: "retire", file }),
      idleMs: channel.idleMs,
      kill: () => void child.kill("SIGKILL"),
      gone,
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(late);
  }
}

function openChannel(child: ChildProcess, gone: Promise<string>, makeFile: MakeFile) {
  const ready = Promise.withResolvers<number>();
  const warming = new Map<number, PromiseWithResolvers<void>>();
  let active = 0;
  let lastActive = performance.now();
  let lastHeard = performance.now();
  let lastId = 0;

  function send(message: ToReader): void {
    if (child.connected) child.send(message, () => undefined);
  }

  function receive(message: FromReader): void {
    if (message.kind === "ready") ready.resolve(message.port);
    else if (message.kind === "failed") ready.reject(new Error(message.message));
    else if (message.kind === "active") {
      active = message.count;
      lastActive = performance.now();
    } else if (message.kind === "want") {
      void make(message.id, message.file, message.fresh);
    } else if (message.kind === "warmed") {
      const waiting = warming.get(message.id);
      warming.delete(message.id);
      if (message.failure === undefined) waiting?.resolve();
      else waiting?.reject(TeatreeError.fromBody(message.failure, 500));
    }
  }

  async function make(id: number, file: VersionFile, fresh: boolean): Promise<void> {
    try {
      await makeFile(file, fresh);
      send({ kind: "made", id });
    } catch (error) {
      const failure = error instanceof TeatreeError ? error : new TeatreeError("unavailable", String(error));
      send({ kind: "made", id, failure: failure.toBody() });
    }
  }

  ready.promise.catch(() => undefined);
  child.on("message", (message) => {
    lastHeard = performance.now();
    receive(FromReader.parse(message));
  });
  const pinger = setInterval(() => {
    if (performance.now() - lastHeard > SILENT_AFTER_MS) child.kill("SIGKILL");
    send({ kind: "ping" });
  }, PING_EVERY_MS);
  pinger.unref();
  void gone.then((reason) => {
    clearInterval(pinger);
    for (const waiting of warming.values()) waiting.reject(died(reason));
  });

  return {
    ready: ready.promise,
    send,
    idleMs: () => (active > 0 ? 0 : performance.now() - lastActive),
    warm(file: string): Promise<void> {
      lastId += 1;
      const waiting = Promise.withResolvers<void>();
      warming.set(lastId, waiting);
      send({ kind: "warm", id: lastId, file });
      return waiting.promise;
    },
  };
}

function neverReady(reason: string): never {
  throw died(reason);
}

function died(reason: string): TeatreeError {
  return new TeatreeError("unavailable", "The reader process died.", { details: { reason } });
}
