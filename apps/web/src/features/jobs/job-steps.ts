import { isFinal, type Job, type Step, stepsOf } from "@teatree/shared/contracts/jobs";
import type { WaterfallStep } from "../../ui/waterfall.tsx";

/** For people: `start_manager` → `start manager`. */
export function stepLabel(name: string): string {
  return name.replaceAll("_", " ");
}

/**
 * The steps of a job as the waterfall shows them: those that happened with their times in ms after submission, the one
 * under way, and those to come. `nowMs` is only used for the step under way.
 */
export function waterfallOf(job: Job, nowMs: number): WaterfallStep[] {
  const origin = Date.parse(job.submittedAt);
  const byName = new Map(job.steps.map((step) => [step.name, step]));
  const names = stepsOf(job.function);
  const lastIndex = Math.max(-1, ...job.steps.map(({ name }) => names.indexOf(name)));
  const running = isFinal(job.status) ? -1 : underWay(job, lastIndex);
  return names.flatMap((name, index): WaterfallStep[] => {
    const step = byName.get(name);
    if (step) return [happened(step, origin, endedAt(job, name, index === lastIndex))];
    const base = { name, label: stepLabel(name) };
    if (index < Math.max(lastIndex, running)) return [{ ...base, state: "skipped" }];
    if (index === running) {
      const start = endOf(job.steps.at(-1), origin);
      return [
        {
          ...base,
          state: name === "queued" ? "queued" : "running",
          start,
          duration: Math.max(0, nowMs - origin - start),
        },
      ];
    }
    if (!isFinal(job.status)) return [{ ...base, state: "waiting" }];
    // A finished job that changed nothing has no version to archive: the row would never fill.
    return job.status === "applied" && (name === "notify" || name === "archive") && job.version !== null
      ? [{ ...base, state: "waiting" }]
      : [];
  });
}

/** The step in which the version became readable ends at this many ms after submission. */
export function readableAt(job: Job): number | undefined {
  const step =
    job.steps.find(({ name }) => name === "switch") ?? job.steps.find(({ name }) => name === "verify");
  if (job.version === null || step === undefined) return undefined;
  return endOf(step, Date.parse(job.submittedAt));
}

/** A running job has its manager: what is under way is its own work, whatever steps were not worth recording. */
function underWay(job: Pick<Job, "function" | "status">, lastIndex: number): number {
  if (job.status !== "running") return lastIndex + 1;
  return Math.max(lastIndex + 1, stepsOf(job.function).indexOf("start_manager") + 1);
}

function happened(step: Step, origin: number, state: WaterfallStep["state"]): WaterfallStep {
  return {
    name: step.name,
    label: stepLabel(step.name),
    state,
    start: Math.max(0, Date.parse(step.startedAt) - origin),
    duration: step.durationMs,
    detail: step.detail,
    late: step.name === "notify" || step.name === "archive",
  };
}

/** The step in which a job failed or was stopped bears that; every other one is done. */
function endedAt(job: Job, name: Step["name"], isLast: boolean): WaterfallStep["state"] {
  if (job.status !== "failed" && job.status !== "cancelled") return "done";
  const applied = job.steps.some((step) => step.name === "apply");
  const here = applied ? name === "apply" : isLast;
  return here ? job.status : "done";
}

function endOf(step: Step | undefined, origin: number): number {
  return step === undefined ? 0 : Math.max(0, Date.parse(step.startedAt) - origin + step.durationMs);
}
