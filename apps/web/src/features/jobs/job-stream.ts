import type { Job, JobEvent, JobStatus, Step } from "@teatree/shared/contracts/jobs";

export type LogLine = Extract<JobEvent, { kind: "log" }> & { number: number };

/** What the event stream of one job has said so far. */
export type JobStream = {
  status: JobStatus | undefined;
  progress: number | null;
  steps: Step[];
  log: LogLine[];
};

export const EMPTY_STREAM: JobStream = { status: undefined, progress: null, steps: [], log: [] };

/** The stream after one more event. */
export function withEvent(stream: JobStream, event: JobEvent): JobStream {
  switch (event.kind) {
    case "state":
      return { ...stream, status: event.status };
    case "progress":
      return { ...stream, progress: event.progress };
    case "step":
      return { ...stream, steps: mergeSteps(stream.steps, [event.step]) };
    case "log":
      return { ...stream, log: [...stream.log, { ...event, number: stream.log.length + 1 }] };
  }
}

/** Steps by name, the later word about a step wins, in the order they began. */
export function mergeSteps(known: Step[], news: Step[]): Step[] {
  const byName = new Map(known.map((step) => [step.name, step]));
  for (const step of news) byName.set(step.name, step);
  return [...byName.values()].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}

/** The job as the server last gave it, moved on by what the stream has said since. */
export function withStream(job: Job, stream: JobStream): Job {
  return {
    ...job,
    status: stream.status !== undefined && isLater(stream.status, job.status) ? stream.status : job.status,
    progress: stream.progress ?? job.progress,
    steps: mergeSteps(stream.steps, job.steps),
  };
}

const RANK: Record<JobStatus, number> = { queued: 0, running: 1, applied: 2, failed: 2, cancelled: 2 };

/** A status never goes back: the stream replays the past when it begins. */
function isLater(next: JobStatus, known: JobStatus): boolean {
  return RANK[next] > RANK[known];
}
