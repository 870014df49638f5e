import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { VersionFile } from "@teatree/shared/contracts/manager-api";
import type { Db } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { startDatasets } from "../datasets/datasets.ts";
import { type PolarsRunner, startPolarsRunner } from "../polars/runner-host.ts";
import { computePolars } from "./compute.ts";
import type { StagingContext } from "./staging.ts";

export type TransformsOptions = {
  db: Db;
  modelId: ModelId;
  /** Of the model's own files on this machine. */
  modelDir: string;
  versionsDir: string;
  ensureFile: (file: VersionFile) => Promise<void>;
  threads: number;
  memoryLimitBytes: number;
  timeoutMs: number;
  logger: Logger;
};

/** A result is one table: as large as any, yet not without end. */
const MOST_ROWS = 100_000_000;
const MOST_BYTES = 8 * 1024 ** 3;
/** So long after the last transform a process stays ready for the next: it takes as much memory as a small model. */
const READY_MS = 5 * 60_000;
/** Parquet files of tables that stay for the next transform. */
const DATASETS_BYTES = 4 * 1024 ** 3;

/** What Polars transforms of one model need: its tables as datasets, and the sandbox. */
export async function startTransforms(options: TransformsOptions) {
  const { db, modelId, modelDir, versionsDir, ensureFile, threads, memoryLimitBytes, timeoutMs, logger } =
    options;
  const datasets = await startDatasets({
    folder: join(modelDir, "datasets"),
    versionsDir,
    ensureFile,
    mostBytes: DATASETS_BYTES,
    logger,
  });
  const limits = { timeoutMs, rows: MOST_ROWS, bytes: MOST_BYTES };

  let running = 0;
  let runner: PolarsRunner | undefined;
  let ending: NodeJS.Timeout | undefined;

  async function withRunner<T>(work: (runner: PolarsRunner) => Promise<T>): Promise<T> {
    clearTimeout(ending);
    running += 1;
    runner ??= startPolarsRunner({ logger, threads, memoryLimitBytes, scratchDir: join(modelDir, "polars") });
    try {
      return await work(runner);
    } finally {
      running -= 1;
      if (running === 0) ending = setTimeout(() => void endRunner(), READY_MS).unref();
    }
  }

  async function endRunner(): Promise<void> {
    clearTimeout(ending);
    const idle = runner;
    runner = undefined;
    await idle?.stop();
  }

  const compute: StagingContext["compute"] = async (args, place, { signal, onStep }) => {
    try {
      return await withRunner((runner) =>
        computePolars({ db, modelId, datasets, runner, limits, onStep }, args, place, signal),
      );
    } catch (error) {
      // Only the transform runs in that process, so it is what ended it; trying it again would end the next one.
      if (!(error instanceof TeatreeError) || error.code !== "crashed") throw error;
      throw new TeatreeError(
        "polars_error",
        "Polars ended in the middle of this transform, without a reason. Try it in smaller steps.",
        { cause: error },
      );
    }
  };

  return {
    compute,
    async stop(): Promise<void> {
      await Promise.all([datasets.stop(), endRunner()]);
    },
  };
}
