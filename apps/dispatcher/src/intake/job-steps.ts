import type { IntentId } from "@teatree/shared/contracts/ids";
import type { JobEvent, StepName } from "@teatree/shared/contracts/jobs";
import type { BatchItem } from "@teatree/shared/contracts/manager-api";

export interface JobEventOf {
  intentId: IntentId;
  event: JobEvent;
}

/** The steps `queued` and `start_manager` of each intent of a batch that is handed over now. Pure. */
export function handOverSteps(
  items: BatchItem[],
  handedOverAt: Date,
  start: { startedAt: Date; durationMs: number } | undefined,
): JobEventOf[] {
  return items.flatMap(({ intent }, index) => {
    const submitted = new Date(intent.submittedAt);
    const waitedUntil = start === undefined || start.startedAt < submitted ? handedOverAt : start.startedAt;
    return [
      step(
        intent.intentId,
        "queued",
        submitted,
        waitedUntil.getTime() - submitted.getTime(),
        handedOverAt,
        placeIn(items, index),
      ),
      start === undefined
        ? step(intent.intentId, "start_manager", handedOverAt, 0, handedOverAt, "already running")
        : step(intent.intentId, "start_manager", start.startedAt, start.durationMs, handedOverAt, "started"),
    ];
  });
}

/** One line for people in each waiting job's log. */
export function logLines(
  items: BatchItem[],
  step: StepName,
  level: "info" | "warn",
  line: string,
): JobEventOf[] {
  const at = new Date().toISOString();
  return items.map(({ intent }) => ({
    intentId: intent.intentId,
    event: { kind: "log", at, level, step, line },
  }));
}

function placeIn(items: BatchItem[], index: number): string {
  return items.length === 1 ? "position 1" : `position ${index + 1} of ${items.length}`;
}

function step(
  intentId: IntentId,
  name: StepName,
  startedAt: Date,
  durationMs: number,
  at: Date,
  detail: string,
): JobEventOf {
  return {
    intentId,
    event: {
      kind: "step",
      at: at.toISOString(),
      // The clocks of two machines may disagree by a little; a step never takes less than no time.
      step: { name, startedAt: startedAt.toISOString(), durationMs: Math.max(0, durationMs), detail },
    },
  };
}
