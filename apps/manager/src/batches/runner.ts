import { setTimeout as delay } from "node:timers/promises";
import type { PackName } from "@teatree/shared/block-store/pack-name";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { IntentId } from "@teatree/shared/contracts/ids";
import type { Batch, BatchDone, BatchItem } from "@teatree/shared/contracts/manager-api";
import { beginAttempt, takeBackAttempt } from "@teatree/shared/control-db/begin-attempt";
import { intentsByIds } from "@teatree/shared/control-db/intents";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import { withSpan } from "@teatree/shared/runtime/tracing";
import type { WriterOutcome } from "../writer/protocol.ts";
import type { Writer } from "../writer/writer-host.ts";
import { type Group, isFileCall, nextGroup, positionAfter, type Verdict, verdictOf } from "./decide.ts";
import { ForkLostError, runFileFunction } from "./file-functions.ts";
import { loadModelState, type ModelState, nameOf, publishedFile } from "./model-state.ts";
import { LeaseLostError, type PublicationContext, publishOutcomes } from "./publication.ts";
import { noteReads } from "./read-record.ts";
import { callersFault, createStaging, type StagingContext } from "./staging.ts";
import { wordChanges } from "./wording.ts";

export interface BatchRunner {
  /**
   * Brings every intent of the batch to its final outcome; batches run one after the other. Goes on through faults of the world
   * for as long as they last. Rejects with `manager_unavailable` when the manager stops before the end.
   */
  run(batch: Batch): Promise<BatchDone>;
  /** Publishes what an earlier manager committed and did not publish; what cannot be now is when the next batch comes. */
  recover(): Promise<void>;
  /**
   * Runs `work` between batches, with everything published that was committed; `makeRoom` says that a batch waits for it. It does
   * not count as use of the manager. Rejects with `manager_unavailable` when the manager is stopping.
   */
  between<T>(work: (makeRoom: () => boolean) => Promise<T>): Promise<T>;
  /** True when the intent was running and is being interrupted. One that waits will not run. */
  cancel(id: IntentId): boolean;
  /** Lets the running intent end for `graceMs`, then cuts it off without an outcome; starts nothing more. */
  drain(graceMs: number): Promise<void>;
  /** Milliseconds since the last batch ended; 0 while one runs. */
  idleMs(): number;
  version(): number;
  /** Snapshot files that must stay: the current version's. */
  files(): PackName[];
}

export type RunnerContext = PublicationContext &
  StagingContext & {
    intentTimeoutMs: number;
    onPublished: (before: ModelState, now: ModelState, outcomes: WriterOutcome[]) => void;
    onLost: (reason: string) => void;
  };

const RETRY_DELAYS_MS = [100, 250, 500, 1_000, 2_500, 5_000];
/** Errors that an intent may have caused by itself: the attempt counts, so that it cannot hold up the queue for ever. */
const MAY_BE_THE_INTENT = new Set<string>(["crashed", "internal"]);
/** After so many failures in a row that are nobody's fault, the live file itself is suspected. */
const FAILURES_BEFORE_STARTING_OVER = 4;

/** Serialises batches; owns where the model stands. */
export function createBatchRunner(context: RunnerContext, initial: ModelState): BatchRunner {
  const { journal, logger, pool, live } = context;
  const stopping = new AbortController();
  const staging = createStaging(context, stopping.signal);
  const cancelled = new Set<IntentId>();
  let state = initial;
  /** A publication broke off: what of it the control database has must be read before anything is published again. */
  let uncertain = false;
  let tail: Promise<unknown> = Promise.resolve();
  let working = 0;
  let idleSince = performance.now();

  async function publish(outcomes: WriterOutcome[], position: number, items: BatchItem[]): Promise<void> {
    const functions = await functionNames(outcomes, items);
    const before = state;
    uncertain = true;
    state = await publishOutcomes(context, state, {
      writer: await live.writer(),
      workDir: live.dir(),
      outcomes,
      position,
      functionOf: (id) => functions.get(id) ?? "intent",
      ...(items[0]?.traceparent === undefined ? {} : { traceparent: items[0].traceparent }),
    });
    uncertain = false;
    for (const { intentId } of outcomes) cancelled.delete(intentId);
    context.onPublished(before, state, outcomes);
  }

  async function functionNames(
    outcomes: WriterOutcome[],
    items: BatchItem[],
  ): Promise<Map<IntentId, string>> {
    const names = new Map<IntentId, string>();
    for (const { intent } of items) names.set(intent.intentId, intent.call.function);
    const unknown = outcomes.map((outcome) => outcome.intentId).filter((id) => !names.has(id));
    if (unknown.length === 0) return names;
    for (const row of await intentsByIds(pool, unknown)) names.set(row.id, row.function);
    return names;
  }

  /** The ledger is the truth about what was applied: whatever of it is not in the control database is published first. */
  async function catchUp(items: BatchItem[]): Promise<void> {
    await becomeCertain();
    const writer = await live.writer();
    if (writer.ledgerHead <= state.position) return;
    const outcomes = await writer.outcomesAfter(state.position);
    logger.warn(
      { outcomes: outcomes.length, position: state.position },
      "publishing what was committed before",
    );
    await publish(outcomes, writer.ledgerHead, items);
  }

  /** The file of a version that is published after all must not be made again under the same name. */
  async function becomeCertain(): Promise<void> {
    if (!uncertain) return;
    const before = state;
    state = await loadModelState(pool, context.modelId);
    uncertain = false;
    if (state.position > before.position) context.onPublished(before, state, []);
  }

  async function runGroup(items: BatchItem[], count: boolean): Promise<void> {
    const ids = items.map((item) => item.intent.intentId);
    const begun = new Map((await beginAttempt(pool, ids, new Date(), count)).map((row) => [row.id, row]));
    const group = nextGroup(items, begun);
    if (group.uncounted.length > 0) await takeBackAttempt(pool, idsOf(group.uncounted));
    const writer = await live.writer();
    const outcomes: WriterOutcome[] = [];
    for (const item of group.items) {
      if (stopping.signal.aborted) break;
      const { attempts = 1, cancelRequested = false } = begun.get(item.intent.intentId) ?? {};
      const verdict = verdictOf(item, {
        attempts,
        cancelRequested: cancelRequested || cancelled.has(item.intent.intentId),
        currentVersion: state.current?.version ?? 0,
        appliedBefore: outcomes.some((outcome) => outcome.status === "applied"),
      });
      outcomes.push(await applyItem(writer, item, verdict));
    }
    await publishGroup(items, group, outcomes);
  }

  async function publishGroup(items: BatchItem[], group: Group, outcomes: WriterOutcome[]): Promise<void> {
    const unfinished = group.items.slice(outcomes.length);
    if (unfinished.length > 0) await takeBackAttempt(pool, idsOf(unfinished));
    const last = outcomes.at(-1);
    const position = unfinished.length > 0 ? (last?.sequence ?? 0) : positionAfter(items, group);
    if (position > state.position) await publish(outcomes, position, items);
  }

  async function applyItem(
    writer: Writer,
    item: BatchItem,
    verdict: Verdict | undefined,
  ): Promise<WriterOutcome> {
    const { call } = item.intent;
    if (verdict !== undefined || !isFileCall(call)) return applyInWriter(writer, item, verdict);
    const startedAt = new Date().toISOString();
    const start = performance.now();
    try {
      const outcome = await withSpan("apply", { function: call.function }, item.traceparent, () =>
        runFileFunction(context, state, item, call),
      );
      const detail = wordChanges(outcome.changes);
      journal.step([outcome.intentId], {
        name: "apply",
        startedAt,
        durationMs: performance.now() - start,
        detail,
      });
      return outcome;
    } catch (error) {
      if (error instanceof ForkLostError) throw new LeaseLostError(error.message);
      // Whatever it was doing was done aside: the live file is as it was.
      return applyInWriter(await live.writer(), item, callersFault(error));
    }
  }

  async function applyInWriter(
    writer: Writer,
    item: BatchItem,
    verdict: Verdict | undefined,
  ): Promise<WriterOutcome> {
    const { intentId, call } = item.intent;
    const startedAt = new Date().toISOString();
    const start = performance.now();
    const sources = verdict ?? (await staging.stage(item));
    const known = "status" in sources ? sources : undefined;
    const staged = "status" in sources ? undefined : sources;
    try {
      if (staged) await noteReads(live.dir().path, intentId, staged.resolved);
      const outcome = await withSpan("apply", { function: call.function }, item.traceparent, () =>
        writer.apply({
          sequence: item.sequence,
          intentId,
          call,
          ...(known ? { verdict: known } : {}),
          ...(staged ? { uploads: staged.uploads, reads: staged.reads, computed: staged.computed } : {}),
          timeoutMs: context.intentTimeoutMs,
        }),
      );
      const detail = outcome.status === "applied" ? wordChanges(outcome.changes) : outcome.status;
      journal.step([intentId], { name: "apply", startedAt, durationMs: performance.now() - start, detail });
      return outcome;
    } finally {
      await staged?.dispose();
    }
  }

  async function runToEnd(batch: Batch): Promise<BatchDone> {
    let count = true;
    for (let failures = 0; ; ) {
      if (stopping.signal.aborted) throw new TeatreeError("manager_unavailable", "The manager is stopping.");
      try {
        await catchUp(batch.items);
        const rest = batch.items.filter((item) => item.sequence > state.position);
        if (rest.length === 0) return { position: state.position, version: state.current?.version ?? 0 };
        await runGroup(rest, count);
        count = true;
        failures = 0;
      } catch (error) {
        failures += 1;
        count = MAY_BE_THE_INTENT.has(errorCodeOf(error));
        await afterFailure(error, failures, batch);
      }
    }
  }

  async function afterFailure(error: unknown, failures: number, batch: Batch): Promise<void> {
    if (error instanceof LeaseLostError) {
      context.onLost(error.message);
      throw new TeatreeError("manager_unavailable", error.message);
    }
    const code = errorCodeOf(error);
    const open = batch.items.filter((item) => item.sequence > state.position);
    if (stopping.signal.aborted) {
      await takeBackAttempt(pool, idsOf(open.slice(0, 1)));
      return;
    }
    const waitMs = RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length) - 1] ?? 0;
    logger.error({ error, failures, waitMs }, "the batch was interrupted; trying again");
    journal.log(idsOf(open.slice(0, 20)), "warn", "apply", wordFailure(code, waitMs));
    if (code === "internal" && failures >= FAILURES_BEFORE_STARTING_OVER) {
      await live.startOver(publishedFile(state.current)).catch((failure) => {
        logger.error({ error: failure }, "starting over failed");
      });
    }
    // A connection of DuckDB that failed in the middle of something is not asked again.
    else if (code === "internal") await live.kill();
    await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  /** Reads must go on also when nothing can be written: the manager comes up, and the intents stay open. */
  function afterFailedRecovery(error: unknown): void {
    if (error instanceof LeaseLostError) context.onLost(error.message);
    else logger.error({ error }, "what was committed before waits for the next batch to be published");
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    working += 1;
    const turn = tail.then(work).finally(() => {
      working -= 1;
      idleSince = performance.now();
    });
    tail = turn.catch(() => undefined);
    return turn;
  }

  async function settled(): Promise<void> {
    try {
      await catchUp([]);
    } catch (error) {
      if (error instanceof LeaseLostError) context.onLost(error.message);
      throw error;
    }
  }

  async function between<T>(work: (makeRoom: () => boolean) => Promise<T>): Promise<T> {
    let before = idleSince;
    try {
      return await inTurn(async () => {
        before = idleSince;
        if (stopping.signal.aborted)
          throw new TeatreeError("manager_unavailable", "The manager is stopping.");
        await settled();
        return work(() => working > 1 || stopping.signal.aborted);
      });
    } finally {
      if (working === 0) idleSince = before;
    }
  }

  return {
    run: (batch) => inTurn(() => runToEnd(batch)),
    between,
    recover: () => inTurn(() => catchUp([])).catch(afterFailedRecovery),
    cancel(id) {
      cancelled.add(id);
      return staging.cancel(id) || live.cancel(id);
    },
    async drain(graceMs) {
      stopping.abort();
      const grace = new AbortController();
      const late = delay(graceMs, "late", { signal: grace.signal }).catch(() => "ended");
      const first = await Promise.race([tail.then(() => "ended"), late]);
      grace.abort();
      if (first === "late") await live.kill();
      await tail;
    },
    idleMs: () => (working > 0 ? 0 : performance.now() - idleSince),
    version: () => state.current?.version ?? 0,
    files: () => (state.current ? [nameOf(state.current.file)] : []),
  };
}

function idsOf(items: BatchItem[]): IntentId[] {
  return items.map((item) => item.intent.intentId);
}

function wordFailure(code: string, waitMs: number): string {
  const again = `trying again in ${waitMs / 1_000} s`;
  if (code === "disk_full") return `The disk is full; nothing is lost, ${again}.`;
  if (code === "unavailable") return `A server cannot be reached; ${again}.`;
  if (code === "crashed") return `A process of the model died; ${again}.`;
  return `Interrupted; ${again}.`;
}
