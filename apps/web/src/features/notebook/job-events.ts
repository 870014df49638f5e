import { isFinal, type Job, type JobEvent, STEP_NAMES, type StepName } from "@teatree/shared/contracts/jobs";

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
  apply: "apply",
  checkpoint: "checkpoint",
  publish: "publish",
  verify: "verify",
  switch: "switch",
  notify: "notify",
  archive: "archive",
};
/** Steps after which the new version is readable do not count. */
const COUNTED = STEP_NAMES.indexOf("switch") + 1;

/** `step 4 of 7, publish`: the step under way, which is the one after the last that ended. */
export function stepSentence(job: Pick<Job, "steps">): string {
  const done = job.steps.map(({ name }) => STEP_NAMES.indexOf(name));
  const at = Math.min(Math.max(-1, ...done) + 1, COUNTED - 1);
  const name = STEP_NAMES[at] ?? "apply";
  return `step ${at + 1} of ${COUNTED}, ${WORDS[name]}`;
}

/** Share of the work done, 0 to 1: what the function says of itself, else by steps. */
export function jobProgress(job: Pick<Job, "steps" | "progress">): number {
  const byStep = Math.min(
    1,
    (Math.max(-1, ...job.steps.map(({ name }) => STEP_NAMES.indexOf(name))) + 1) / COUNTED,
  );
  return Math.max(byStep, job.progress ?? 0);
}
