import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { TableChange } from "@teatree/shared/contracts/jobs";
import type { Effect, FunctionContext } from "../functions/context.ts";
import { runFunction } from "../functions/registry.ts";
import { isFatal, sqlError } from "../gate/errors.ts";
import { attachFiles, detachFiles } from "./attached-files.ts";
import { catalogTables, rowCount, sha256 } from "./catalog.ts";
import { findOutcome, ledgerPrint, recordOutcome, type WrittenTables } from "./ledger.ts";
import type { LiveModel } from "./live-model.ts";
import { runPrepared } from "./prepared.ts";
import { watchProgress } from "./progress.ts";
import type { WriterItem, WriterOutcome } from "./protocol.ts";
import { type Stopping, stopAfter } from "./stopping.ts";

export type ApplyHooks = {
  log: FunctionContext["log"];
  progress: (progress: number) => void;
  /** Called with the handle that stops the intent while it runs. */
  running: (stopping: Stopping) => void;
};

/**
 * Runs one intent: effect and ledger row in one transaction. A business error is rolled back and recorded as `failed`, a stop as
 * `cancelled`. Throws, with nothing recorded, when trying again may help (`disk_full`, `internal`).
 */
export async function applyItem(
  model: LiveModel,
  item: WriterItem,
  hooks: ApplyHooks,
): Promise<WriterOutcome> {
  const { connection } = model;
  const known = await findOutcome(connection, item.intentId);
  if (known) return known;
  const started = performance.now();
  const base = { intentId: item.intentId, sequence: item.sequence, replayed: false };
  const ended = (rest: Omit<WriterOutcome, keyof typeof base | "durationMs">): WriterOutcome => ({
    ...base,
    ...rest,
    durationMs: Math.round((performance.now() - started) * 1000) / 1000,
  });
  if (item.verdict) return await recordWithoutEffect(model, ended({ ...NO_EFFECT, ...item.verdict }));
  try {
    return await applyEffect(model, item, hooks, ended);
  } catch (error) {
    const wrapped = sqlError(error);
    if (wrapped.mayRetry || isFatal(error)) throw wrapped;
    hooks.log("error", wrapped.message);
    const status = wrapped.code === "cancelled" ? "cancelled" : "failed";
    return await recordWithoutEffect(model, ended({ ...NO_EFFECT, status, error: wrapped.toJobError() }));
  }
}

type Ended = (
  rest: Omit<WriterOutcome, "intentId" | "sequence" | "replayed" | "durationMs">,
) => WriterOutcome;

const NO_EFFECT = { changes: [], written: [], derivedFrom: [] };

async function applyEffect(
  model: LiveModel,
  item: WriterItem,
  hooks: ApplyHooks,
  ended: Ended,
): Promise<WriterOutcome> {
  const { connection } = model;
  const attached = await attachFiles(connection, item);
  const stopping = stopAfter([connection, model.probe], item.timeoutMs);
  const endProgress = watchProgress(connection, hooks.progress);
  hooks.running(stopping);
  try {
    hooks.log("info", `begin ${item.call.function} ${item.intentId}`);
    await runPrepared(connection, "BEGIN TRANSACTION");
    const before = await model.tables();
    // Only text that users wrote could harm the ledger.
    const print = item.call.function === "sql" ? await ledgerPrint(connection) : undefined;
    const effect = await runFunction({
      connection,
      probe: model.probe,
      item,
      tables: before,
      log: hooks.log,
      checkStopped: stopping.check,
    });
    stopping.check();
    if (print !== undefined && (await ledgerPrint(connection)) !== print) {
      throw new TeatreeError("statement_not_allowed", "The schema _teatree is reserved.");
    }
    const after = effect.schemaChanged === false ? before : await catalogTables(connection);
    const { changes, written } = await changesOf(model, item, effect, before, after);
    // From here on a stop comes too late: the outcome is being written.
    stopping.end();
    const outcome = ended({
      status: "applied",
      changes,
      ...(effect.result ? { result: effect.result } : {}),
      written: Object.keys(written),
      appended: appendedTables(effect, before, after),
      derivedFrom: [...new Set(effect.derivedFrom ?? [])].filter((table) => before.has(table)).sort(),
    });
    await recordOutcome(connection, outcome, written);
    hooks.log("info", "ledger row written");
    await runPrepared(connection, "COMMIT");
    hooks.log("info", "commit");
    model.committed(after, changes, written, item.sequence);
    return outcome;
  } catch (error) {
    stopping.end();
    const stopped = stopping.reason();
    await rollback(model);
    const wrapped = sqlError(error);
    if (stopped === "query_timeout" && (wrapped.code === "cancelled" || wrapped.code === "sql_error")) {
      const seconds = Math.round(item.timeoutMs / 100) / 10;
      throw new TeatreeError("query_timeout", `Stopped after ${seconds} s, the time one intent may take.`);
    }
    throw error;
  } finally {
    stopping.end();
    endProgress();
    await detachFiles(connection, attached);
  }
}

function appendedTables(
  { rowsAdded }: Effect,
  before: ReadonlyMap<string, { schemaHash: string }>,
  after: ReadonlyMap<string, { schemaHash: string }>,
): string[] {
  if (rowsAdded === undefined) return [];
  const known = before.get(rowsAdded.table);
  return known && after.get(rowsAdded.table)?.schemaHash === known.schemaHash ? [rowsAdded.table] : [];
}

/** Which tables came, went or changed their number of rows, and the hash of what each written one holds now. */
async function changesOf(
  model: LiveModel,
  item: WriterItem,
  effect: Effect,
  before: ReadonlyMap<string, { schemaHash: string }>,
  after: ReadonlyMap<string, { schemaHash: string }>,
): Promise<{ changes: TableChange[]; written: WrittenTables }> {
  const touched = new Set<string>();
  for (const name of effect.written) if (before.has(name) || after.has(name)) touched.add(name);
  for (const [name, table] of after) if (before.get(name)?.schemaHash !== table.schemaHash) touched.add(name);
  for (const name of before.keys()) if (!after.has(name)) touched.add(name);
  const changes: TableChange[] = [];
  const written: WrittenTables = {};
  for (const table of [...touched].sort()) {
    const rowsBefore = before.has(table) ? await model.rowsBefore(table) : null;
    const counted = effect.rowsAdded?.table === table ? (rowsBefore ?? 0) + effect.rowsAdded.rows : undefined;
    const rowsAfter = after.has(table) ? (counted ?? (await rowCount(model.connection, table))) : null;
    changes.push({ table, rowsBefore, rowsAfter });
    const known = effect.contentHashes?.get(table);
    written[table] = rowsAfter === null ? null : (known ?? sha256(`${item.intentId}\n${table}`));
  }
  return { changes, written };
}

async function recordWithoutEffect(model: LiveModel, outcome: WriterOutcome): Promise<WriterOutcome> {
  try {
    await runPrepared(model.connection, "BEGIN TRANSACTION");
    await recordOutcome(model.connection, outcome, {});
    await runPrepared(model.connection, "COMMIT");
  } catch (error) {
    await rollback(model);
    throw sqlError(error);
  }
  model.recorded(outcome.sequence);
  return outcome;
}

/** An interrupt that comes late can hit the ROLLBACK itself, so it is tried again. */
async function rollback(model: LiveModel): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      await model.connection.run("ROLLBACK");
      return;
    } catch (error) {
      if (/no transaction is active/i.test(String(error))) return;
    }
  }
}
