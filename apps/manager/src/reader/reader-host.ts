import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { Logger } from "@teatree/shared/runtime/logger";
import { makeLeaseFolder } from "./lease-folders.ts";
import { type MakeFile, type ReaderLink, readerLink } from "./reader-link.ts";

export type ReaderOptions = {
  versionsDir: string;
  modelId: ModelId;
  secret: string;
  threads: number;
  /** For all open versions together; see memory-share.ts. */
  memoryLimitBytes: number;
  logger: Logger;
  makeFile: MakeFile;
  /** 10 unless given: measured, the writer keeps its pace then. */
  nice?: number;
  /** 256 MB unless given. */
  resultLimitBytes?: number;
};

export type Reader = {
  /** Stays the same when the process is replaced. */
  readonly url: string;
  readonly pid: number | undefined;
  /**
   * Opens a version ahead of its first read, as the newest one; the one before closes soon after its last read.
   * `file` is relative to the versions folder. Rejects with `unavailable` when it is not there.
   */
  warm(file: string): Promise<void>;
  /** Nobody is expected to read this version any more: it closes soon after its last read. */
  retire(file: string): void;
  /** Milliseconds since the last query was answered; 0 while one is under way. */
  idleMs(): number;
  /** Lets queries under way end for up to 2 s, then ends the process. */
  stop(): Promise<void>;
  /** Resolves when the reader has ended and will not be started again. */
  readonly exited: Promise<void>;
};

/** One after the other without ever being ready: then it will not get better by itself. */
const MOST_FAILURES = 5;
const FIRST_PAUSE_MS = 50;
const STOP_WITHIN_MS = 2_000;
const RESULT_LIMIT_BYTES = 268_435_456;

/** Starts the reader's process, and again whenever it dies, on the same port. Rejects when it does not start. */
export async function startReader(options: ReaderOptions): Promise<Reader> {
  const exited = Promise.withResolvers<void>();
  let link = await connect(options, 0);
  const { port } = link;
  let stopped = false;
  let newest: string | undefined;
  watch();

  function watch(): void {
    void link.gone.then((reason) => {
      if (stopped) return exited.resolve();
      options.logger.warn({ reason }, "the reader process died; starting another");
      return replace();
    });
  }

  async function replace(): Promise<void> {
    for (let failures = 0; failures < MOST_FAILURES && !stopped; failures += 1) {
      if (failures > 0) await delay(FIRST_PAUSE_MS * 2 ** failures);
      try {
        link = await connect(options, port);
        if (stopped) link.kill();
        // Without this its first read opens the version: slower, not wrong.
        if (newest !== undefined) link.warm(newest).catch(() => undefined);
        return watch();
      } catch (error) {
        options.logger.warn({ error, failures }, "the reader process did not start");
      }
    }
    exited.resolve();
  }

  return {
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return link.pid;
    },
    async warm(file) {
      await link.warm(file);
      newest = file;
    },
    retire(file) {
      if (newest === file) newest = undefined;
      link.retire(file);
    },
    idleMs: () => link.idleMs(),
    async stop() {
      stopped = true;
      await idle(link);
      link.kill();
      await exited.promise;
    },
    exited: exited.promise,
  };
}

/** Reads that are on their way may end; a long one must not hold up the shutdown. */
async function idle(link: ReaderLink): Promise<void> {
  const deadline = performance.now() + STOP_WITHIN_MS;
  while (link.idleMs() === 0 && performance.now() < deadline) await delay(20);
}

async function connect(options: ReaderOptions, port: number): Promise<ReaderLink> {
  const scratchDir = await mkdtemp(join(tmpdir(), "teatree-reader-"));
  const child = fork(new URL("./reader-process.ts", import.meta.url), [], {
    // Measured: marking in steps costs a third of a large result's time, on a heap this small.
    execArgv: ["--no-incremental-marking"],
    // 48: DuckDB's calls wait in these threads, and a few slow queries must not keep a new version from opening.
    env: { UV_THREADPOOL_SIZE: "48", TZ: "UTC" },
    serialization: "advanced",
  });
  const leasesDir = await makeLeaseFolder(options.versionsDir, options.modelId, child.pid ?? 0);
  child.once("exit", () => {
    for (const folder of [scratchDir, leasesDir]) void rm(folder, { recursive: true, force: true });
  });
  const settings = {
    modelId: options.modelId,
    versionsDir: options.versionsDir,
    leasesDir,
    scratchDir,
    secret: options.secret,
    threads: options.threads,
    memoryLimitBytes: options.memoryLimitBytes,
    resultLimitBytes: options.resultLimitBytes ?? RESULT_LIMIT_BYTES,
    nice: options.nice ?? 10,
    port,
    logLevel: options.logger.level,
  };
  return readerLink(child, settings, options.makeFile);
}
