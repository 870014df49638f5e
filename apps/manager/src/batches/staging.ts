import { ERROR_CODES, TeatreeError } from "@teatree/shared/contracts/errors";
import type { PolarsArgs } from "@teatree/shared/contracts/functions";
import type { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import type { BatchItem } from "@teatree/shared/contracts/manager-api";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { ObjectStore } from "@teatree/shared/object-store/open-object-store";
import { withSpan } from "@teatree/shared/runtime/tracing";
import type { ComputeContext, Computed } from "./compute.ts";
import type { Verdict } from "./decide.ts";
import type { Journal } from "./journal.ts";
import type { LiveFile } from "./live-file.ts";
import { type SourceContext, type StagedSources, stageSources } from "./sources.ts";

export type StagingContext = {
  pool: Pool;
  modelId: ModelId;
  store: ObjectStore;
  versionsDir: string;
  ensureFile: SourceContext["ensureFile"];
  /** Computes a transform on the current version. */
  compute: (
    args: PolarsArgs,
    place: (name: string) => string,
    watch: { signal: AbortSignal; onStep: ComputeContext["onStep"] },
  ) => Promise<Computed>;
  journal: Journal;
  live: LiveFile;
};

const CANCELLED: Verdict = {
  status: "cancelled",
  error: { code: "cancelled", message: "It was cancelled while it ran." },
};

/** Brings what one intent after the other reads or has computed into the writer's staging folder. */
export function createStaging(context: StagingContext, stopping: AbortSignal) {
  let running: { intentId: IntentId; stop: AbortController } | undefined;

  return {
    /** The staged files, or the intent's failure when it is to blame. */
    async stage(item: BatchItem): Promise<StagedSources | Verdict> {
      const { intentId, call } = item.intent;
      const { pool: db, store, modelId, versionsDir, ensureFile, live, journal } = context;
      const stop = new AbortController();
      running = { intentId, stop };
      const compute: SourceContext["compute"] = (args, place) =>
        context.compute(args, place, {
          signal: AbortSignal.any([stop.signal, stopping]),
          onStep: (step) => journal.step([intentId], step),
        });
      try {
        const { stagingDir } = live.dir();
        const sources = { db, store, modelId, versionsDir, stagingDir, ensureFile, compute };
        return await withSpan("stage", { function: call.function }, item.traceparent, () =>
          stageSources(sources, call),
        );
      } catch (error) {
        if (stop.signal.aborted) return CANCELLED;
        if (stopping.aborted) throw new TeatreeError("manager_unavailable", "The manager is stopping.");
        return callersFault(error);
      } finally {
        running = undefined;
      }
    },
    /** True when the intent is at this, which is no statement that the writer could interrupt; it is being stopped. */
    cancel(id: IntentId): boolean {
      if (running?.intentId !== id) return false;
      running.stop.abort();
      return true;
    },
  };
}

/** The failure of an intent that is to blame itself; throws any other error again. */
export function callersFault(error: unknown): Verdict {
  if (!(error instanceof TeatreeError) || ERROR_CODES[error.code].fault !== "caller") throw error;
  return { status: "failed", error: error.toJobError() };
}
