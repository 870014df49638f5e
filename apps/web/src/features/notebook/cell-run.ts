import type { Job } from "@teatree/shared/contracts/jobs";
import { polarsOf, sqlOf } from "../job-words/index.ts";
import type { ResultSet } from "../results/index.ts";
import type { Cell } from "./notebook-document.ts";

/** What went wrong with a run, in the shape both the server's answers and the engine in the page are brought to. */
export type RunError = {
  code: string;
  message: string;
  line?: number;
  column?: number;
  /** A name that exists and was probably meant, when the engine says so. */
  suggestion?: { wrong: string; right: string };
};

export type Place = "version" | "device";

/** How a run ended, with the text it ran: an edit afterwards makes it stale. */
export type Outcome =
  | {
      kind: "result";
      source: string;
      place: Place;
      version: number;
      elapsedMs: number;
      result: ResultSet;
      /** Polars computed it: it cannot be read further or downloaded as what SQL reads can. */
      polars?: boolean;
    }
  | { kind: "error"; source: string; place: Place; error: RunError };

export type CellRun = {
  running: { since: number; note: string; progress: number | null } | null;
  outcome: Outcome | null;
};

export const NEVER_RUN: CellRun = { running: null, outcome: null };

export type CellStatus =
  | "never"
  | "queued"
  | "running"
  | "fresh"
  | "stale"
  | "failed"
  | "applied"
  | "cancelled";

/**
 * The one word a cell's header shows.
 * @param currentVersion the model's newest version, 0 when there is none, null while unknown
 * @param deviceVersion the version kept on this device, null when there is none
 */
export function cellStatus(
  cell: Pick<Cell, "kind" | "source" | "target" | "writes">,
  run: CellRun,
  job: Job | null,
  currentVersion: number | null,
  deviceVersion: number | null = null,
): CellStatus {
  if (cell.target.place === "submit") return submitStatus(cell, job);
  if (run.running) return "running";
  const { outcome } = run;
  if (!outcome) return "never";
  if (outcome.source !== cell.source || outcome.place !== cell.target.place) return "stale";
  if (outcome.kind === "error") return "failed";
  const newest = cell.target.place === "device" ? (deviceVersion ?? currentVersion) : currentVersion;
  const wanted = cell.target.version === "latest" ? newest : cell.target.version;
  return wanted === null || wanted === outcome.version ? "fresh" : "stale";
}

function submitStatus(cell: Pick<Cell, "kind" | "source" | "writes">, job: Job | null): CellStatus {
  if (!job) return "never";
  const open = job.status === "queued" || job.status === "running";
  return open || isJobOf(cell, job) ? job.status : "stale";
}

/** Whether a job did what the cell would do if it was submitted now. */
export function isJobOf(
  { kind, source, writes }: Pick<Cell, "kind" | "source" | "writes">,
  job: Pick<Job, "function" | "args">,
): boolean {
  if (kind === "sql") return sqlOf(job) === source;
  const polars = polarsOf(job);
  return polars?.code === source && polars.into === writes.into && polars.mode === writes.mode;
}
