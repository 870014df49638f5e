import { rmSync } from "node:fs";
import type { Server } from "node:http";
import { type ErrorBody, TeatreeError } from "@teatree/shared/contracts/errors";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { createLogger, type Logger } from "@teatree/shared/runtime/logger";
import { activeQueries } from "./active-queries.ts";
import { readerServer } from "./http-server.ts";
import { lowerPriority } from "./lower-priority.ts";
import { type FromReader, type ReaderSettings, ToReader } from "./reader-messages.ts";
import { fileWriters } from "./results/file-writer.ts";
import { resultEncoders } from "./results/result-encoder.ts";
import { spoolMemory } from "./results/spool.ts";
import { type VersionPool, versionPool } from "./version-pool.ts";

/** Results of this size altogether may wait in memory to be sent. */
const SPOOL_MEMORY_BYTES = 268_435_456;
/** Time for the answers to the other queries to leave before the process is replaced. */
const FAREWELL_MS = 100;

let scratchDir: string | undefined;
const wanted = new Map<number, PromiseWithResolvers<void>>();
let lastWanted = 0;
let pool: VersionPool | undefined;

process.on("message", (message) => {
  const order = ToReader.parse(message);
  if (order.kind === "start") start(order.settings).catch(failed);
  else if (order.kind === "ping") tell({ kind: "pong" });
  else if (order.kind === "made") made(order.id, order.failure);
  else if (order.kind === "retire") pool?.retire(order.file);
  else warm(order.id, order.file);
});
process.on("disconnect", die);
// The parent decides: a Ctrl-C in the terminal reaches the whole group.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

async function start(settings: ReaderSettings): Promise<void> {
  lowerPriority(settings.nice);
  const folder = settings.scratchDir;
  scratchDir = folder;
  const logger = createLogger("reader", settings.logLevel);
  const { threads, memoryLimitBytes, resultLimitBytes } = settings;
  pool = versionPool({ ...settings, want });
  const files = fileWriters({ folder, threads, memoryLimitBytes: Math.ceil(memoryLimitBytes / 4) });
  const encoders = resultEncoders(folder, spoolMemory(SPOOL_MEMORY_BYTES), files);
  const queries = activeQueries(() => giveUp(logger, server));
  const onBusy = (count: number) => tell({ kind: "active", count });
  const server = readerServer({ ...settings, pool, encoders, resultLimitBytes, queries, logger, onBusy });
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  const port = await listen(server, settings.port);
  tell({ kind: "ready", port });
}

/** Only the manager can write files of versions. */
function want(file: string, fresh: boolean): Promise<void> {
  lastWanted += 1;
  const waiting = Promise.withResolvers<void>();
  wanted.set(lastWanted, waiting);
  tell({ kind: "want", id: lastWanted, file: VersionFile.parse(file), fresh });
  return waiting.promise;
}

function made(id: number, failure: ErrorBody | undefined): void {
  const waiting = wanted.get(id);
  wanted.delete(id);
  if (failure === undefined) waiting?.resolve();
  else waiting?.reject(TeatreeError.fromBody(failure, 500));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the server has no port"));
      else resolve(address.port);
    });
  });
}

/** One query cannot be stopped: it would hold its memory and a core for ever, so the process goes with it. */
function giveUp(logger: Logger, server: Server): void {
  logger.warn("a stopped query does not end; the reader process is replaced");
  server.close();
  setTimeout(die, FAREWELL_MS);
}

async function warm(id: number, file: string): Promise<void> {
  try {
    await pool?.warm(file);
    tell({ kind: "warmed", id });
  } catch (error) {
    const failure =
      error instanceof TeatreeError
        ? error
        : new TeatreeError("internal", "The version cannot be opened.", { cause: error });
    tell({ kind: "warmed", id, failure: failure.toBody() });
  }
}

function failed(error: unknown): void {
  tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}

function tell(message: FromReader): void {
  if (process.connected) process.send?.(message);
}

function die(): void {
  if (scratchDir !== undefined) rmSync(scratchDir, { recursive: true, force: true });
  // Native threads may be at work: an orderly exit would wait for them.
  process.kill(process.pid, "SIGKILL");
}
