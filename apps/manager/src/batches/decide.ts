import type { JobError } from "@teatree/shared/contracts/errors";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import type { BatchItem } from "@teatree/shared/contracts/manager-api";
import type { BegunAttempt } from "@teatree/shared/control-db/begin-attempt";

/** An intent that ended its process this many times is not tried again. */
const MAX_ATTEMPTS = 3;

export type Verdict = { status: "failed" | "cancelled"; error: JobError };

export type Circumstances = {
  attempts: number;
  cancelRequested: boolean;
  currentVersion: number;
  /** An earlier intent of the same group was applied: the version it builds on is no longer the current one. */
  appliedBefore: boolean;
};

/** The outcome of an intent that must not run; undefined: let it run. */
export function verdictOf(item: BatchItem, now: Circumstances): Verdict | undefined {
  if (now.cancelRequested) {
    return { status: "cancelled", error: { code: "cancelled", message: "It was cancelled before it ran." } };
  }
  if (now.attempts > MAX_ATTEMPTS) {
    const message = `It ended the model's process ${MAX_ATTEMPTS} times and is not tried again.`;
    return { status: "failed", error: { code: "crashed", message } };
  }
  const { baseVersion } = item.intent;
  if (baseVersion === null) return undefined;
  if (baseVersion === now.currentVersion && !now.appliedBefore) return undefined;
  const newest = now.currentVersion + (now.appliedBefore ? 1 : 0);
  return {
    status: "failed",
    error: {
      code: "base_version_stale",
      message: `It was made for version ${baseVersion}, and the model is at version ${newest} now. Look at what changed and submit it again.`,
      details: { baseVersion, currentVersion: newest },
    },
  };
}

/** Functions about the model's file as a whole: the manager runs them itself, on a state that is published. */
export type FileCall = Extract<FunctionCall, { function: "restore" | "fork" | "compact" }>;

export function isFileCall(call: FunctionCall): call is FileCall {
  return call.function === "restore" || call.function === "fork" || call.function === "compact";
}

/** A transform is computed on a version, so what was applied before it has to be one. */
function standsAlone(call: FunctionCall): boolean {
  return isFileCall(call) || call.function === "polars";
}

export type Group = {
  items: BatchItem[];
  /** Counted as tried, though their turn comes only later. */
  uncounted: BatchItem[];
};

/**
 * What runs and is published together. An intent that was tried before runs alone, so that those ahead of it are published
 * and those behind it are not drawn into its end; so do a transform and one about the whole file. Intents unknown to the control database or final there are left out.
 */
export function nextGroup(items: BatchItem[], begun: Map<string, BegunAttempt>): Group {
  const open = items.filter((item) => begun.has(item.intent.intentId));
  const [head, ...others] = open;
  const triedBefore = head !== undefined && (begun.get(head.intent.intentId)?.attempts ?? 0) > 1;
  if (head !== undefined && (triedBefore || standsAlone(head.intent.call))) {
    return { items: [head], uncounted: others };
  }
  const end = open.findIndex((item) => standsAlone(item.intent.call));
  return end < 0 ? { items: open, uncounted: [] } : { items: open.slice(0, end), uncounted: open.slice(end) };
}

/** Up to where the stream is dealt with when the group is: items that were left out in front of the rest are dealt with, too. */
export function positionAfter(items: BatchItem[], group: Group): number {
  const firstLeft = group.uncounted[0];
  const done = firstLeft === undefined ? items : items.filter((item) => item.sequence < firstLeft.sequence);
  return done.at(-1)?.sequence ?? 0;
}
