import { Job, JobEvent, type Step } from "@teatree/shared/contracts/jobs";
import { describe, expect, test } from "vitest";
import { EMPTY_STREAM, mergeSteps, withEvent, withStream } from "./job-stream.ts";

const at = "2026-11-22T11:00:00.000Z";
const step = (name: Step["name"], ms: number, durationMs = 5): Step => ({
  name,
  startedAt: new Date(Date.parse(at) + ms).toISOString(),
  durationMs,
});

describe("the stream of a job", () => {
  test("log lines are numbered as they come", () => {
    const log = (line: string) => JobEvent.parse({ kind: "log", at, level: "info", step: "apply", line });
    const stream = withEvent(withEvent(EMPTY_STREAM, log("a")), log("b"));
    expect(stream.log.map(({ number, line }) => [number, line])).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
  });

  test("steps stand in the order they began and the later word about one wins", () => {
    const steps = mergeSteps([step("publish", 20), step("apply", 5)], [step("apply", 5, 48)]);
    expect(steps.map(({ name, durationMs }) => [name, durationMs])).toEqual([
      ["apply", 48],
      ["publish", 5],
    ]);
  });

  test.each([
    ["queued", "running", "running"],
    ["applied", "running", "applied"],
    ["running", "failed", "failed"],
  ] as const)("a job that is %s stays or moves on when the stream says %s: %s", (known, said, shown) => {
    const stream = withEvent(
      EMPTY_STREAM,
      JobEvent.parse({ kind: "state", at, status: said, version: null }),
    );
    const job = Job.parse({
      id: "01900000-0000-7000-8000-000000000001",
      model: "flights",
      modelId: "01900000-0000-7000-8000-000000000002",
      function: "sql",
      args: {},
      status: known,
      attempts: 1,
      baseVersion: null,
      version: null,
      submittedBy: "mk",
      submittedAt: at,
      startedAt: null,
      finishedAt: null,
      progress: null,
      steps: [],
      notebookId: null,
      retryOf: null,
      traceId: null,
    });
    expect(withStream(job, stream).status).toBe(shown);
  });
});
