import { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import { JobEvent } from "@teatree/shared/contracts/jobs";
import type { BatchItem } from "@teatree/shared/contracts/manager-api";
import { expect, test } from "vitest";
import { handOverSteps, logLines } from "./job-steps.ts";

function itemAt(sequence: number, submittedAt: string): BatchItem {
  return {
    sequence,
    intent: {
      intentId: IntentId.parse(`0198c1de-0000-7000-8000-${String(sequence).padStart(12, "0")}`),
      modelId: ModelId.parse("0198c1de-0000-7000-8000-00000000000f"),
      call: { function: "sql", args: { sql: "SELECT 1" } },
      baseVersion: null,
      submittedBy: "test",
      submittedAt,
    },
  };
}

function stepsOf(events: ReturnType<typeof handOverSteps>) {
  return events.map(({ event }) => {
    expect(JobEvent.safeParse(event).success).toBe(true);
    return event.kind === "step" ? [event.step.name, event.step.durationMs, event.step.detail] : [];
  });
}

const handedOver = new Date("2026-01-01T00:00:05.000Z");

test("with a running manager the queue ends when the batch is handed over", () => {
  const items = [itemAt(1, "2026-01-01T00:00:03.000Z"), itemAt(2, "2026-01-01T00:00:04.500Z")];
  expect(stepsOf(handOverSteps(items, handedOver, undefined))).toEqual([
    ["queued", 2_000, "position 1 of 2"],
    ["start_manager", 0, "already running"],
    ["queued", 500, "position 2 of 2"],
    ["start_manager", 0, "already running"],
  ]);
});

test("a start that began after the submission ends the queue", () => {
  const start = { startedAt: new Date("2026-01-01T00:00:04.000Z"), durationMs: 900 };
  const items = [itemAt(1, "2026-01-01T00:00:03.000Z")];
  expect(stepsOf(handOverSteps(items, handedOver, start))).toEqual([
    ["queued", 1_000, "position 1"],
    ["start_manager", 900, "started"],
  ]);
});

test("a clock that runs ahead makes no step of negative length", () => {
  const items = [itemAt(1, "2026-01-01T00:00:06.000Z")];
  expect(stepsOf(handOverSteps(items, handedOver, undefined))[0]).toEqual(["queued", 0, "position 1"]);
});

test("each waiting job gets the line", () => {
  const items = [itemAt(1, "2026-01-01T00:00:03.000Z"), itemAt(2, "2026-01-01T00:00:03.000Z")];
  const events = logLines(items, "start_manager", "warn", "It is tried again.");
  expect(events.map(({ intentId }) => intentId)).toEqual(items.map(({ intent }) => intent.intentId));
  expect(events.every(({ event }) => JobEvent.safeParse(event).success)).toBe(true);
});
