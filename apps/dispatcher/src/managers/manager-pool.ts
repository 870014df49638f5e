import { setTimeout as delay } from "node:timers/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { type GoalModel, modelById } from "@teatree/shared/control-db/goal-models";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { EXIT_LEASE_HELD, type LaunchedManager, type Launcher } from "../launchers/launcher.ts";
import { type ManagerSituation, nextStep, startBackoffMs } from "./lifecycle.ts";

export interface ReadyManager {
  managerUrl: string;
  readerUrl: string;
  /** Of the lease: tells this manager from the one before and the one after. */
  epoch: number;
  /** Present when this call had to wait for a start. */
  start?: { startedAt: Date; durationMs: number };
}

export interface ManagerPool {
  /**
   * Finds or starts the model's manager. Throws `model_not_found`, `manager_unavailable` (after `timeoutMs`, or at
   * once after a start that failed), `cancelled` (the signal), or what the control database throws.
   */
  ensure(modelId: ModelId, options: { timeoutMs: number; signal?: AbortSignal }): Promise<ReadyManager>;
  /** The manager of this epoch did not answer: do not use its address again. */
  suspect(modelId: ModelId, epoch: number): void;
}

/** How long a manager may take from launch to lease. */
const START_LIMIT_MS = 30_000;
/** How long one that lost or gave up its lease may take to end: nothing is left for it to do. */
const END_LIMIT_MS = 3_000;
const POLL_MS = 40;

interface OurManager {
  launched: LaunchedManager | null;
  launching: boolean;
  /** Of the one launched last: it had the lease and an address. */
  wasReady: boolean;
  leaselessSince: number;
  suspectEpoch: number;
  failures: number;
  notBefore: number;
  lastFailure: string | undefined;
}

export function createManagerPool(parts: { pool: Pool; launcher: Launcher; logger: Logger }): ManagerPool {
  const { pool, launcher, logger } = parts;
  const models = new Map<ModelId, OurManager>();

  function oursOf(modelId: ModelId): OurManager {
    const known = models.get(modelId);
    if (known !== undefined) return known;
    const fresh: OurManager = {
      launched: null,
      launching: false,
      wasReady: false,
      leaselessSince: 0,
      suspectEpoch: -1,
      failures: 0,
      notBefore: 0,
      lastFailure: undefined,
    };
    models.set(modelId, fresh);
    return fresh;
  }

  async function launch(modelId: ModelId, ours: OurManager): Promise<void> {
    ours.launching = true;
    try {
      if (ours.launched?.running() === true) await ours.launched.stop(0);
      const launched = await launcher.launch(modelId);
      ours.launched = launched;
      ours.wasReady = false;
      ours.leaselessSince = performance.now();
      logger.info({ modelId, manager: launched.id }, "manager launched");
      void launched.exited.then((exit) => onExit(modelId, ours, launched, exit));
    } catch (error) {
      noteFailure(ours, `it could not be launched: ${error instanceof Error ? error.message : "unknown"}`);
      logger.error({ error, modelId }, "manager could not be launched");
    } finally {
      ours.launching = false;
    }
  }

  function onExit(
    modelId: ModelId,
    ours: OurManager,
    launched: LaunchedManager,
    exit: { code: number | null; signal: string | null },
  ): void {
    if (ours.launched === launched) ours.launched = null;
    if (exit.code === EXIT_LEASE_HELD) ours.notBefore = performance.now() + 2 * startBackoffMs(1);
    // One that worked and was killed starts again at once; whoever feeds it backs off when that repeats.
    else if (exit.code !== 0 && !ours.wasReady)
      noteFailure(ours, `it ended with ${exit.signal ?? `exit code ${exit.code}`}`);
    const level = exit.code === 0 || exit.code === EXIT_LEASE_HELD ? "info" : "warn";
    logger[level]({ modelId, manager: launched.id, ...exit }, "manager ended");
  }

  return {
    suspect(modelId, epoch) {
      oursOf(modelId).suspectEpoch = epoch;
    },
    async ensure(modelId, { timeoutMs, signal }) {
      const ours = oursOf(modelId);
      const began = performance.now();
      const startedAt = new Date();
      const failuresBefore = ours.failures;
      let waited = false;
      for (;;) {
        const model = await modelById(pool, modelId);
        if (model === null) throw new TeatreeError("model_not_found", "There is no such model.");
        const step = nextStep(situationOf(model, ours));
        if (step === "use" && model.managerUrl !== null && model.readerUrl !== null) {
          ours.failures = 0;
          ours.leaselessSince = 0;
          ours.wasReady = true;
          const start = waited ? { start: { startedAt, durationMs: performance.now() - began } } : {};
          const { managerUrl, readerUrl, leaseEpoch: epoch } = model;
          return { managerUrl, readerUrl, epoch, ...start };
        }
        if (ours.failures > failuresBefore || performance.now() - began > timeoutMs) throw unavailable(ours);
        if ((step === "launch" || step === "replace") && !ours.launching) await launch(modelId, ours);
        waited = true;
        if (signal?.aborted === true) throw new TeatreeError("cancelled", "The dispatcher is stopping.");
        await delay(POLL_MS);
      }
    },
  };
}

function situationOf(model: GoalModel, ours: OurManager): ManagerSituation {
  const now = performance.now();
  const lease = leaseOf(model, ours);
  const running = ours.launching || ours.launched?.running() === true;
  if (running && lease === "none" && ours.leaselessSince === 0) ours.leaselessSince = now;
  const limitMs = ours.wasReady ? END_LIMIT_MS : START_LIMIT_MS;
  const overdue = ours.leaselessSince > 0 && now - ours.leaselessSince > limitMs && !ours.launching;
  return {
    lease,
    ours: running ? (overdue ? "overdue" : "running") : "none",
    backingOff: now < ours.notBefore,
  };
}

function leaseOf(model: GoalModel, ours: OurManager): ManagerSituation["lease"] {
  if (!model.leaseLive) return "none";
  if (model.leaseEpoch === ours.suspectEpoch) return "suspect";
  return model.managerUrl === null || model.readerUrl === null ? "starting" : "ready";
}

function noteFailure(ours: OurManager, what: string): void {
  ours.failures += 1;
  ours.lastFailure = what;
  ours.notBefore = performance.now() + startBackoffMs(ours.failures);
}

function unavailable(ours: OurManager): TeatreeError {
  const why = ours.lastFailure === undefined ? "it does not get ready" : ours.lastFailure;
  return new TeatreeError("manager_unavailable", `The model's manager cannot be reached: ${why}.`);
}
