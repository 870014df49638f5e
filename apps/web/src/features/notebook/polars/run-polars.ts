import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Preview } from "@teatree/shared/contracts/preview";
import { api } from "../../../clients/page-api.ts";
import type { Outcome } from "../cell-run.ts";
import { errorOfServer } from "../run-errors.ts";
import { jsonGrid } from "./json-grid.ts";
import { placePolarsError } from "./polars-errors.ts";

/** How often, and after how many milliseconds, a manager that is still starting is asked again. */
const WAITS_MS = [300, 1000, 3000];

/**
 * Computes a transform on the current version and shows what it gives; nothing is changed. An abort stops the computation.
 * @returns the outcome, also when the code is wrong or the server does not answer
 */
export async function runPolars(model: string, code: string, signal: AbortSignal): Promise<Outcome> {
  const place = "version";
  try {
    const preview = await compute(model, code, signal);
    const { error, result, baseVersion, durationMs } = preview;
    if (error) return { kind: "error", source: code, place, error: placePolarsError(error, code) };
    const { columns, rows, nextCursor } = result ?? { columns: [], rows: [], nextCursor: null };
    const truncated = nextCursor !== null;
    return {
      kind: "result",
      source: code,
      place,
      version: baseVersion,
      elapsedMs: durationMs,
      polars: true,
      result: {
        data: jsonGrid(columns, rows),
        truncated,
        limit: rows.length,
        totalRows: truncated ? null : rows.length,
      },
    };
  } catch (error) {
    return { kind: "error", source: code, place, error: errorOfServer(error) };
  }
}

async function compute(model: string, code: string, signal: AbortSignal): Promise<Preview> {
  const body = { function: "polars" as const, args: { code, mode: "result" as const } };
  for (const wait of WAITS_MS) {
    try {
      return await api.previewIntent({ params: { model }, body }, { signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof TeatreeError) || error.code !== "manager_unavailable")
        throw error;
      await pause(wait, signal);
    }
  }
  return await api.previewIntent({ params: { model }, body }, { signal });
}

/** Ends early when the run is stopped. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
