import { Job } from "@teatree/shared/contracts/jobs";
import { describe, expect, test } from "vitest";
import { jobProgress, stepSentence, withJobEvent } from "./job-events.ts";

const at = "2026-11-22T11:04:00.000Z";
const running = Job.parse({
  id: "0190a3c4-5b6d-7e8f-9012-3456789abcde",
  model: "flights",
  modelId: "0190a3c4-5b6d-7e8f-9012-3456789abcdf",
  function: "sql",
  args: { sql: "DELETE FROM t" },
  status: "running",
  attempts: 1,
  baseVersion: 2,
  version: null,
  submittedBy: "local",
  submittedAt: at,
  startedAt: at,
  finishedAt: null,
  progress: null,
  steps: [],
  notebookId: null,
  retryOf: null,
  traceId: null,
});
const step = (name: "queued" | "start_manager" | "apply" | "publish") =>
  ({ kind: "step", at, step: { name, startedAt: at, durationMs: 1 } }) as const;

describe("a job in its cell", () => {
  test("steps and progress show as they come", () => {
    const job = [step("queued"), step("start_manager"), step("apply"), step("apply")].reduce(
      withJobEvent,
      running,
    );
    expect(job.steps.map(({ name }) => name)).toEqual(["queued", "start_manager", "apply"]);
    expect(stepSentence(job)).toBe("step 4 of 7, checkpoint");
    expect(jobProgress(withJobEvent(job, { kind: "progress", at, progress: 0.9 }))).toBe(0.9);
    expect(jobProgress(running)).toBe(0);
  });

  test("a final state waits for the job itself, which says how it ended", () => {
    const job = withJobEvent(running, { kind: "state", at, status: "applied", version: 3 });
    expect(job.status).toBe("running");
  });

  test("events that come after the end change nothing", () => {
    const applied: Job = { ...running, status: "applied", version: 3 };
    expect(withJobEvent(applied, { kind: "state", at, status: "running", version: null })).toBe(applied);
    expect(withJobEvent(applied, step("publish"))).toBe(applied);
  });
});
