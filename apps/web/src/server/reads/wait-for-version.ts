import { setTimeout as delay } from "node:timers/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";

const LONGEST_WAIT_MS = 10_000;

/** Waits until the model is at `minVersion` or beyond, and gives it as it is then. Throws `version_not_ready`. */
export async function waitForVersion(
  db: Db,
  model: GoalModel,
  minVersion: number,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<GoalModel> {
  const end = performance.now() + Math.min(options.timeoutMs, LONGEST_WAIT_MS);
  let pauseMs = 10;
  let current = model;
  while (current.currentVersion < minVersion) {
    if (performance.now() >= end || options.signal.aborted) throw notReady(current, minVersion);
    await delay(pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 1.5, 200);
    current = (await modelById(db, model.id)) ?? current;
  }
  return current;
}

function notReady(model: GoalModel, minVersion: number): TeatreeError {
  return new TeatreeError(
    "version_not_ready",
    `Version ${minVersion} of “${model.name}” is not there yet; the current one is ${model.currentVersion}.`,
    { details: { minVersion, currentVersion: model.currentVersion } },
  );
}
