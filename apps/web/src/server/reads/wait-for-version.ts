import { setTimeout as delay } from "node:timers/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";

const LONGEST_WAIT_MS = 10_000;
/** Most who wait have just submitted: for them a look costs less than the delay of a longer pause. */
const EAGER_MS = 2_000;

/** Waits until the model is at `minVersion` or beyond, and gives it as it is then. Throws `version_not_ready`. */
export async function waitForVersion(
  db: Db,
  model: GoalModel,
  minVersion: number,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<GoalModel> {
  const start = performance.now();
  const end = start + Math.min(options.timeoutMs, LONGEST_WAIT_MS);
  let current = model;
  while (current.currentVersion < minVersion) {
    if (performance.now() >= end || options.signal.aborted) throw notReady(current, minVersion);
    const pauseMs = performance.now() - start < EAGER_MS ? 5 : 100;
    await delay(pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
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
