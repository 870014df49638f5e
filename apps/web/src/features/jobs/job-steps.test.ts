import { Job, type JobStatus, type Step } from "@teatree/shared/contracts/jobs";
import { describe, expect, test } from "vitest";
import { readableAt, waterfallOf } from "./job-steps.ts";

const submittedAt = "2026-11-22T11:00:00.000Z";
const origin = Date.parse(submittedAt);

function job(status: JobStatus, steps: [Step["name"], number, number][], version: number | null = null): Job {
  return Job.parse({
    id: "01900000-0000-7000-8000-000000000001",
    model: "flights",
    modelId: "01900000-0000-7000-8000-000000000002",
    function: "sql",
    args: {},
    status,
    attempts: 1,
    baseVersion: null,
    version,
    submittedBy: "mk",
    submittedAt,
    startedAt: null,
    finishedAt: null,
    progress: null,
    steps: steps.map(([name, ms, durationMs]) => ({
      name,
      startedAt: new Date(origin + ms).toISOString(),
      durationMs,
    })),
    notebookId: null,
    retryOf: null,
    traceId: null,
  });
}
const states = (of: Job, nowMs = origin) =>
  waterfallOf(of, nowMs).map(({ name, state }) => `${name} ${state}`);

describe("the steps that the page of a job shows", () => {
  test("a queued job waits in its first step", () => {
    expect(states(job("queued", []))[0]).toBe("queued queued");
  });

  test("only a transform is computed before it is applied", () => {
    const running = job("running", [["queued", 0, 6]]);
    expect(states(running).map((text) => text.split(" ")[0])).not.toContain("collect");
    expect(states({ ...running, function: "polars" })).toEqual(
      expect.arrayContaining(["hydrate running", "plan waiting", "collect waiting", "apply waiting"]),
    );
  });

  test("a running job works, whatever step before was not recorded", () => {
    const shown = states(job("running", [["queued", 0, 6]]));
    expect(shown.slice(0, 4)).toEqual([
      "queued done",
      "start_manager skipped",
      "apply running",
      "checkpoint waiting",
    ]);
  });

  test("the step under way has taken the time since the last one ended", () => {
    const running = waterfallOf(job("running", [["queued", 0, 6]]), origin + 1006);
    expect(running.find(({ name }) => name === "apply")).toMatchObject({ start: 6, duration: 1000 });
  });

  test.each(["failed", "cancelled"] as const)(
    "a %s job bears it where it applied, and ends there",
    (status) => {
      const shown = states(
        job(status, [
          ["queued", 0, 6],
          ["apply", 6, 40],
        ]),
      );
      expect(shown).toEqual(["queued done", "start_manager skipped", `apply ${status}`]);
    },
  );

  test("an applied job still waits for its archive", () => {
    const shown = states(
      job(
        "applied",
        [
          ["apply", 6, 40],
          ["switch", 50, 10],
        ],
        3,
      ),
    );
    expect(shown.slice(-3)).toEqual(["switch done", "notify waiting", "archive waiting"]);
  });
});

test("a version is readable when the readers have switched", () => {
  const steps: [Step["name"], number, number][] = [
    ["apply", 6, 40],
    ["switch", 135, 9],
  ];
  expect(readableAt(job("applied", steps, 3))).toBe(144);
  expect(readableAt(job("failed", steps))).toBeUndefined();
});
