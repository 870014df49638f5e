import { z } from "zod";
import { JobError } from "./errors.ts";
import { IntentId, ModelId, ModelName, Timestamp, VersionNumber } from "./ids.ts";
import { PageQuery, pageOf } from "./paging.ts";

export const JobStatus = z.enum(["queued", "running", "applied", "failed", "cancelled"]);
export type JobStatus = z.infer<typeof JobStatus>;

/** A status after which nothing happens any more. */
export function isFinal(status: JobStatus): status is "applied" | "failed" | "cancelled" {
  return status === "applied" || status === "failed" || status === "cancelled";
}

/** The steps of an intent's life in the order they happen. Notify and archive come after it is readable. */
export const STEP_NAMES = [
  "queued",
  "start_manager",
  "hydrate",
  "plan",
  "collect",
  "apply",
  "checkpoint",
  "publish",
  "verify",
  "switch",
  "notify",
  "archive",
] as const;
export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

/** Only a transform is computed beside the model before it is applied. */
const TRANSFORM_STEPS: readonly StepName[] = ["hydrate", "plan", "collect"];

/** The steps that a job of this function goes through, in order. */
export function stepsOf(functionName: string): readonly StepName[] {
  return functionName === "polars"
    ? STEP_NAMES
    : STEP_NAMES.filter((step) => !TRANSFORM_STEPS.includes(step));
}

export const Step = z.object({
  name: StepName,
  startedAt: Timestamp,
  durationMs: z.number().min(0),
  detail: z
    .string()
    .optional()
    .meta({ description: "A few words for people: `1,000 rows`, `already running`." }),
});
export type Step = z.infer<typeof Step>;

export const ResultColumn = z.object({ name: z.string(), type: z.string() });
export type ResultColumn = z.infer<typeof ResultColumn>;

/** The first page of what the last SELECT of a function gave; the rest is read from the version. */
export const JobResult = z.object({
  columns: z.array(ResultColumn),
  rows: z.array(z.array(z.unknown())),
  nextCursor: z.string().nullable(),
});
export type JobResult = z.infer<typeof JobResult>;

export const TableChange = z.object({
  table: z.string(),
  rowsBefore: z.int().nullable().meta({ description: "null: the table is new." }),
  rowsAfter: z.int().nullable().meta({ description: "null: the table was dropped." }),
});
export type TableChange = z.infer<typeof TableChange>;

export const Job = z.object({
  id: IntentId,
  model: ModelName,
  modelId: ModelId,
  function: z.string(),
  args: z.record(z.string(), z.unknown()),
  status: JobStatus,
  position: z.int().min(1).optional().meta({ description: "While queued: 1 is next." }),
  attempts: z.int().min(0),
  baseVersion: VersionNumber.nullable(),
  version: VersionNumber.nullable(),
  submittedBy: z.string(),
  submittedAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  progress: z.number().min(0).max(1).nullable(),
  steps: z.array(Step),
  result: JobResult.optional(),
  changes: z.array(TableChange).optional(),
  error: JobError.optional(),
  notebookId: z.uuid().nullable(),
  retryOf: IntentId.nullable(),
  traceId: z
    .string()
    .nullable()
    .meta({ description: "W3C trace id: the same in every process it went through." }),
});
export type Job = z.infer<typeof Job>;

/** In lists steps and result are left out (empty, absent) so that a page of jobs stays small. */
export const JobPage = pageOf(Job);
export type JobPage = z.infer<typeof JobPage>;

export const JobListQuery = PageQuery.extend({
  model: z.string().optional(),
  status: z.string().optional().meta({ description: "One status or several, separated by commas." }),
  by: z.string().optional(),
  function: z.string().optional(),
});
export type JobListQuery = z.infer<typeof JobListQuery>;

export const JobPath = z.object({ job: z.uuid() });

/** One server-sent event of `GET /jobs/{job}/events`; `event:` is the kind, `data:` the rest. */
export const JobEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("state"), at: Timestamp, status: JobStatus, version: VersionNumber.nullable() }),
  z.object({ kind: z.literal("progress"), at: Timestamp, progress: z.number().min(0).max(1) }),
  z.object({ kind: z.literal("step"), at: Timestamp, step: Step }),
  z.object({
    kind: z.literal("log"),
    at: Timestamp,
    level: z.enum(["info", "warn", "error", "sql"]),
    step: StepName,
    line: z.string(),
  }),
]);
export type JobEvent = z.infer<typeof JobEvent>;
