import { isFinal, type Job, type JobEvent, type StepName, stepsOf } from "@teatree/shared/contracts/jobs";

/** The job after an event. A final state is final: events that come late or twice change nothing. */
export function withJobEvent(job: Job, event: JobEvent): Job {
  if (isFinal(job.status)) return job;
  switch (event.kind) {
    case "progress":
      return { ...job, progress: event.progress };
    case "step":
      return { ...job, steps: [...job.steps.filter(({ name }) => name !== event.step.name), event.step] };
    case "state":
      // The outcome's details come with the job itself; a final word without them would be half the truth.
      return isFinal(event.status) ? job : { ...job, status: event.status };
    case "log":
      return job;
  }
}

const WORDS: Record<StepName, string> = {
  queued: "waiting",
  start_manager: "starting the manager",
  hydrate: "reading tables",
  plan: "planning",
  collect: "computing",
  apply: "apply",
  checkpoint: "checkpoint",
  publish: "publish",
  verify: "verify",
  switch: "switch",
  notify: "notify",
  archive: "archive",
};
/** Steps until the version is readable; those after do not count. */
function countedSteps(functionName: string): readonly StepName[] {
  const steps = stepsOf(functionName);
  return steps.slice(0, steps.indexOf("switch") + 1);
}

/** How many of those steps ended: all up to the last that did. */
function doneOf(job: Pick<Job, "function" | "steps">): { done: number; steps: readonly StepName[] } {
  const steps = countedSteps(job.function);
  return { done: Math.max(-1, ...job.steps.map(({ name }) => steps.indexOf(name))) + 1, steps };
}

/** `step 4 of 7, publish`: the step under way, which is the one after the last that ended. */
export function stepSentence(job: Pick<Job, "function" | "steps">): string {
  const { done, steps } = doneOf(job);
  const at = Math.min(done, steps.length - 1);
  return `step ${at + 1} of ${steps.length}, ${WORDS[steps[at] ?? "apply"]}`;
}

/** Share of the work done, 0 to 1: what the function says of itself, else by steps. */
export function jobProgress(job: Pick<Job, "function" | "steps" | "progress">): number {
  const { done, steps } = doneOf(job);
  return Math.max(done / steps.length, job.progress ?? 0);
}
