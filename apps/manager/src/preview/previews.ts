import { randomUUID } from "node:crypto";
import { setPriority } from "node:os";
import { ERROR_CODES, type JobError, TeatreeError } from "@teatree/shared/contracts/errors";
import type { PolarsArgs } from "@teatree/shared/contracts/functions";
import { IntentId, type ModelId } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import type { Preview, PreviewRequest } from "@teatree/shared/contracts/preview";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Pool } from "@teatree/shared/control-db/pool";
import {
  type ContentRow,
  contentOf,
  findVersion,
  type VersionRow,
} from "@teatree/shared/control-db/versions";
import type { ObjectStore } from "@teatree/shared/object-store/open-object-store";
import type { Logger } from "@teatree/shared/runtime/logger";
import { type FileCall, isFileCall } from "../batches/decide.ts";
import { refuseCurrent, refuseEmpty, refuseTakenName, requireVersion } from "../batches/file-call-rules.ts";
import type { StagingContext } from "../batches/staging.ts";
import type { PreviewAnswer } from "../writer/preview-call.ts";
import { openWriter } from "../writer/writer-host.ts";
import { previewRestore, untouchedTables } from "./file-functions.ts";
import { lineUp } from "./line-up.ts";
import { previewSources } from "./preview-sources.ts";
import { privateCopy, sweepCopies } from "./private-copy.ts";
import { statementKinds } from "./statement-kinds.ts";

export type PreviewLimits = {
  /** What the intent itself may take; a job may take longer. */
  timeoutMs: number;
  /** What the comparison may take after that. */
  compareMs: number;
  comparedRows: number;
  sampleRows: number;
  /** How many may wait for the one that runs. */
  waiting: number;
  /** How long the copy of the file is kept for the next preview. */
  keepCopyMs: number;
};

export const PREVIEW_LIMITS: PreviewLimits = {
  timeoutMs: 20_000,
  compareMs: 10_000,
  comparedRows: 20_000_000,
  sampleRows: 20,
  waiting: 4,
  keepCopyMs: 60_000,
};

/** A process that is this much late is killed: one huge value in one call cannot be interrupted. */
const KILL_AFTER_MS = 2_000;
/** The queue's own intents come first when both want the processor. */
const NICE = 5;

export type PreviewOptions = {
  pool: Pool;
  modelId: ModelId;
  epoch: number;
  modelDir: string;
  versionsDir: string;
  store: ObjectStore;
  ensureFile: (file: VersionFile) => Promise<void>;
  patch: (file: VersionFile, path: string, from: VersionFile) => Promise<void>;
  compute: StagingContext["compute"];
  memoryLimitBytes: number;
  threads: number;
  limits: PreviewLimits;
  logger: Logger;
};

export interface Previews {
  /**
   * Tries one intent on a copy of the current version; a failure of the intent itself is in the answer. Rejects with
   * `base_version_stale`, `unavailable` (too many wait), `cancelled` (the signal), `disk_full`, `internal`.
   */
  run(request: PreviewRequest, signal: AbortSignal): Promise<Preview>;
  /** Milliseconds since the last one ended; 0 while one runs. */
  idleMs(): number;
  /** Ends what runs and removes every file. */
  stop(): Promise<void>;
}

type Base = { version: VersionRow | null; content: ContentRow[] };
type Done = Omit<Preview, "durationMs" | "baseVersion" | "statements">;

/** Tries intents beside the queue, which does not notice. The caller holds the lease: what managers before left is removed. */
export async function startPreviews(options: PreviewOptions): Promise<Previews> {
  const { pool, modelId, modelDir, epoch, versionsDir, ensureFile, limits, logger } = options;
  const line = lineUp(limits.waiting);
  const stopping = new AbortController();
  const copy = privateCopy({ modelDir, epoch, versionsDir, ensureFile, patch: options.patch });
  let idleSince = performance.now();
  let dropping: NodeJS.Timeout | undefined;
  await sweepCopies(modelDir);

  async function baseOf({ baseVersion }: PreviewRequest): Promise<Base> {
    const model = await modelById(pool, modelId);
    if (!model) throw new TeatreeError("model_not_found", `There is no model ${modelId}.`);
    const { currentVersion } = model;
    if (baseVersion !== null && baseVersion !== currentVersion) {
      const message = `Version ${baseVersion} is not the current one any more; that is version ${currentVersion}.`;
      throw new TeatreeError("base_version_stale", message, { details: { baseVersion, currentVersion } });
    }
    if (currentVersion === 0) return { version: null, content: [] };
    const [version, content] = await Promise.all([
      findVersion(pool, modelId, currentVersion),
      contentOf(pool, modelId, currentVersion),
    ]);
    return { version, content };
  }

  async function run(request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    const start = performance.now();
    const { call } = request;
    const base = await baseOf(request);
    const done = await attempt(base, call, signal);
    return {
      baseVersion: base.version?.version ?? 0,
      ...done,
      statements: call.function === "sql" ? statementKinds(call.args.sql) : [],
      durationMs: performance.now() - start,
    };
  }

  async function attempt(base: Base, call: PreviewRequest["call"], signal: AbortSignal): Promise<Done> {
    try {
      if (isFileCall(call)) return await tell(base, call);
      return doneOf(await tryOn(base, call, signal), limits);
    } catch (error) {
      const isTheIntents = error instanceof TeatreeError && ERROR_CODES[error.code].fault === "caller";
      if (!isTheIntents || error.code === "cancelled") throw error;
      return { tables: [], exact: true, error: error.toJobError() };
    }
  }

  async function tell({ version, content }: Base, call: FileCall): Promise<Done> {
    if (call.function === "restore") {
      const restored = await requireVersion(pool, modelId, call.args.version);
      refuseCurrent(restored.version, version?.version);
      const tables = previewRestore(content, await contentOf(pool, modelId, restored.version));
      return { tables, exact: tables.every(({ added }) => added !== null) };
    }
    if (call.function === "fork") {
      await requireVersion(pool, modelId, call.args.version);
      await refuseTakenName(pool, call.args.name);
    } else {
      refuseEmpty(version);
    }
    return { tables: untouchedTables(content), exact: true };
  }

  async function tryOn(
    { version }: Base,
    call: PreviewRequest["call"],
    signal: AbortSignal,
  ): Promise<PreviewAnswer> {
    const file = version && VersionFile.parse(version.file);
    const { liveFile, before, stagingDir } = await copy.prepare(file);
    try {
      const context = {
        ...{ db: pool, store: options.store, modelId, versionsDir, stagingDir, ensureFile },
        compute: (args: PolarsArgs, place: (name: string) => string) =>
          options.compute(args, place, {
            signal: AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]),
            onStep: undefined,
          }),
      };
      const sources = await previewSources(context, call);
      if (signal.aborted) throw givenUp();
      return await inWriter({ liveFile, stagingDir }, signal, (sequence) => ({
        item: {
          ...sources,
          sequence,
          intentId: IntentId.parse(randomUUID()),
          timeoutMs: limits.timeoutMs,
        },
        ...(file === null ? {} : { before }),
        limits,
      }));
    } finally {
      await copy.clean();
    }
  }

  async function inWriter(
    files: { liveFile: string; stagingDir: string },
    signal: AbortSignal,
    callFor: (sequence: number) => Parameters<Awaited<ReturnType<typeof openWriter>>["preview"]>[0],
  ): Promise<PreviewAnswer> {
    const writer = await openWriter({
      ...files,
      memoryLimitBytes: options.memoryLimitBytes,
      threads: options.threads,
      logger: logger.child({ part: "preview" }),
      onEvent: () => undefined,
    });
    let isLate = false;
    const kill = () => {
      try {
        process.kill(writer.pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    };
    const late = setTimeout(
      () => {
        isLate = true;
        kill();
      },
      limits.timeoutMs + limits.compareMs + KILL_AFTER_MS,
    );
    signal.addEventListener("abort", kill, { once: true });
    try {
      if (signal.aborted) throw givenUp();
      setPriority(writer.pid, NICE);
      return await writer.preview(callFor(writer.ledgerHead + 1));
    } catch (error) {
      if (signal.aborted) throw givenUp();
      if (isLate) throw tookTooLong(limits);
      throw error;
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", kill);
      // Not closed in order: that would write what was tried into the file.
      kill();
      await writer.exited;
    }
  }

  function dropLater(): void {
    dropping = setTimeout(() => {
      const turn = line.take(() => copy.drop(), stopping.signal);
      turn.catch((error: unknown) => logger.warn({ error }, "the preview's copy was not removed"));
    }, limits.keepCopyMs).unref();
  }

  return {
    async run(request, given) {
      const signal = AbortSignal.any([given, stopping.signal]);
      clearTimeout(dropping);
      try {
        return await line.take(() => run(request, signal), signal);
      } finally {
        idleSince = performance.now();
        if (line.size() === 0 && !stopping.signal.aborted) dropLater();
      }
    },
    idleMs: () => (line.size() > 0 ? 0 : performance.now() - idleSince),
    async stop() {
      clearTimeout(dropping);
      stopping.abort();
      await line.empty();
      await copy.drop();
    },
  };
}

function doneOf({ outcome, tables, exact }: PreviewAnswer, limits: PreviewLimits): Done {
  if (outcome.status === "applied") {
    return { tables, exact, ...(outcome.result ? { result: outcome.result } : {}) };
  }
  const error = outcome.error ?? { code: "internal", message: "It failed without saying why." };
  return { tables: [], exact: true, error: inPreview(error, limits) };
}

/** Limits of a preview are tighter than those of a job, which its error must not hide. */
function inPreview(error: JobError, limits: PreviewLimits): JobError {
  if (error.code === "query_timeout") return tookTooLong(limits).toJobError();
  if (error.code !== "out_of_memory") return error;
  const message = "It needs more memory than a preview may use. The job has twice as much.";
  return { ...error, message };
}

function tookTooLong(limits: PreviewLimits): TeatreeError {
  const seconds = limits.timeoutMs / 1_000;
  return new TeatreeError(
    "query_timeout",
    `The preview was stopped after ${seconds} s. Submit it to find out: a job may take longer.`,
  );
}

function givenUp(): TeatreeError {
  return new TeatreeError("cancelled", "The preview was given up.");
}
