import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Logger } from "@teatree/shared/runtime/logger";
import { z } from "zod";
import type { LedgerContinuation } from "./continue-ledger.ts";
import { PreviewAnswer, type PreviewCall } from "./preview-call.ts";
import {
  CheckpointedState,
  TableState,
  type VersionInfo,
  type WriterEvent,
  type WriterItem,
  type WriterItemInput,
  WriterOutcome,
} from "./protocol.ts";
import { WriterReply, type WriterRequest } from "./rpc.ts";

export type WriterOptions = {
  /** Its folder exists; the file is made when absent. The base name must be `model.duckdb`. */
  liveFile: string;
  /** The only folder that functions read files from; also holds spilled data. An absolute path that exists. */
  stagingDir: string;
  memoryLimitBytes: number;
  threads: number;
  /** A file in staging whose content a new live file begins with. */
  copyFrom?: string;
  logger: Logger;
  onEvent: (event: WriterEvent) => void;
};

export type Writer = {
  /** Highest sequence in the ledger, 0 when empty; moves with every outcome. */
  readonly ledgerHead: number;
  readonly pid: number;
  /**
   * Runs one intent in one transaction with its ledger row. An id that the ledger has is answered from it.
   * Rejects, with nothing recorded, with `crashed` (the child died; open a new writer), `disk_full` or `internal`.
   */
  apply(item: WriterItemInput, signal?: AbortSignal): Promise<WriterOutcome>;
  /** Outcomes above a sequence, in order: what a manager that died may not have published. */
  outcomesAfter(sequence: number): Promise<WriterOutcome[]>;
  /** Writes the version's identity into the file and empties the write-ahead log. */
  checkpoint(info: VersionInfo): Promise<CheckpointedState>;
  /** Takes a ledger over and adds the row of the intent that put this file in place of another. */
  continueLedger(continuation: LedgerContinuation): Promise<void>;
  /** Applies an intent to a file that is thrown away afterwards, and says what it did. Ends only by itself: kill it when it is late. */
  preview(call: PreviewCall): Promise<PreviewAnswer>;
  tables(): Promise<TableState[]>;
  /** Interrupts the intent if it runs now; its outcome is then `cancelled`. False: it does not run. */
  cancel(intentId: string): boolean;
  /** Waits for the running intent, closes the file and ends the process. */
  close(): Promise<void>;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** How long an intent may go on after it was told to stop: one huge value in one call cannot be interrupted. */
const KILL_AFTER_MS = 2_000;

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** Starts the writer's process and opens the live file in it. Rejects when the file cannot be opened or locked down. */
export async function openWriter(options: WriterOptions): Promise<Writer> {
  const { logger, onEvent } = options;
  const child = fork(fileURLToPath(new URL("./writer-child.ts", import.meta.url)), [], {
    serialization: "advanced",
    // Nothing of the manager's environment: it holds secrets, and SQL runs in there.
    env: { PATH: "/usr/bin:/bin", TZ: "UTC", LANG: "C.UTF-8" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  const exited = exitOf(child);
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let ledgerHead = 0;
  let running: { intentId: string; stop: () => void } | undefined;

  child.on("message", (message) => {
    const reply = WriterReply.parse(message);
    if ("event" in reply) return onEvent(reply.event);
    ledgerHead = Math.max(ledgerHead, reply.head);
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if ("failure" in reply) call?.reject(TeatreeError.fromBody(reply.failure, 500));
    else call?.resolve(reply.value);
  });
  child.on("error", (error) => logger.error({ error }, "the writer's process has an error"));
  void exited.then(({ code, signal }) => {
    logger.info({ code, signal, writerPid: child.pid }, "writer ended");
    for (const call of pending.values()) call.reject(crashed(code, signal));
    pending.clear();
  });

  const call = (request: WriterRequest): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(crashed(child.exitCode, child.signalCode));
      nextId += 1;
      const id = nextId;
      pending.set(id, { resolve, reject });
      child.send({ id, request }, (error) => {
        if (error && pending.delete(id)) reject(crashed(child.exitCode, child.signalCode));
      });
    });

  const { liveFile, stagingDir, memoryLimitBytes, threads, copyFrom } = options;
  try {
    await call({ kind: "open", liveFile, stagingDir, memoryLimitBytes, threads, copyFrom });
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }

  const apply: Writer["apply"] = async (input, signal) => {
    // The child parses it; doing so twice would cost more than the append of a thousand rows.
    const item: WriterItem = { uploads: {}, reads: {}, ...input };
    let killer: NodeJS.Timeout | undefined;
    const killIn = (ms: number) => {
      clearTimeout(killer);
      killer = setTimeout(() => {
        logger.warn(
          { intentId: item.intentId, writerPid: child.pid },
          "the intent does not stop: writer killed",
        );
        child.kill("SIGKILL");
      }, ms);
    };
    const stop = () => {
      killIn(KILL_AFTER_MS);
      call({ kind: "cancel", intentId: item.intentId }).catch(() => undefined);
    };
    killIn(item.timeoutMs + KILL_AFTER_MS);
    running = { intentId: item.intentId, stop };
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const answer = call({ kind: "apply", item });
      if (signal?.aborted) stop();
      return WriterOutcome.parse(await answer);
    } finally {
      clearTimeout(killer);
      signal?.removeEventListener("abort", stop);
      if (running?.intentId === item.intentId) running = undefined;
    }
  };

  return {
    get ledgerHead() {
      return ledgerHead;
    },
    pid: child.pid ?? 0,
    apply,
    outcomesAfter: async (after) => z.array(WriterOutcome).parse(await call({ kind: "outcomes", after })),
    checkpoint: async (info) => CheckpointedState.parse(await call({ kind: "checkpoint", info })),
    continueLedger: async (continuation) => void (await call({ kind: "continue", continuation })),
    preview: async (input) => PreviewAnswer.parse(await call({ kind: "preview", call: input })),
    tables: async () => z.array(TableState).parse(await call({ kind: "tables" })),
    cancel: (intentId) => {
      if (running?.intentId !== intentId) return false;
      running.stop();
      return true;
    },
    close: async () => {
      if (child.connected) await call({ kind: "close" }).catch(() => undefined);
      await exited;
    },
    exited,
  };
}

function exitOf(child: ChildProcess): Writer["exited"] {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    // A process that could not even be started emits no exit.
    child.once("error", () => {
      if (child.pid === undefined) resolve({ code: 71, signal: null });
    });
  });
}

function crashed(code: number | null, signal: NodeJS.Signals | null): TeatreeError {
  const how = signal ?? (code === null ? "unexpectedly" : `code ${code}`);
  return new TeatreeError("crashed", `The model's writer ended (${how}) before this was done.`);
}
