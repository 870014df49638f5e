import { randomUUID } from "node:crypto";
import type { PackName } from "@teatree/shared/block-store/pack-name";
import type { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import { type BatchCommit, commitBatch, type NewVersion } from "@teatree/shared/control-db/commit-batch";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { type RetryTable, retry } from "@teatree/shared/runtime/retry";
import { withSpan } from "@teatree/shared/runtime/tracing";
import type { Publisher } from "../publish/publisher.ts";
import type { CheckpointedState, WriterOutcome } from "../writer/protocol.ts";
import type { Writer } from "../writer/writer-host.ts";
import { contentOfVersion } from "./content.ts";
import type { Journal } from "./journal.ts";
import { clearBase, notedBase } from "./live-base.ts";
import { type ModelState, nameOf } from "./model-state.ts";
import { clearReads, notedReads } from "./read-record.ts";
import { wordBytes, wordCount, wordNotification, wordNumber, wordPublication } from "./wording.ts";

/** What the runner's and the publication's surroundings offer. */
export type PublicationContext = {
  pool: Pool;
  modelId: ModelId;
  epoch: number;
  publisher: Publisher;
  journal: Journal;
  logger: Logger;
  /** Opens a version in the reader ahead of its first read. */
  warm: (file: string) => Promise<void>;
  signal: AbortSignal;
};

export type Unpublished = {
  writer: Writer;
  /** Folder of the live file. */
  workDir: { path: string; liveFile: string };
  /** In ledger order. */
  outcomes: WriterOutcome[];
  position: number;
  functionOf: (id: IntentId) => string;
  traceparent?: string;
};

/** Another manager holds the model: this one must end, whatever it did is void. */
export class LeaseLostError extends Error {}

/** The server is away for a moment: the lease's own clock says how long that may last. */
const COMMIT: RetryTable = {
  name: "commit",
  forever: true,
  delaysMs: { unavailable: [20, 50, 100, 250, 500], disk_full: [1_000] },
};

/**
 * Publishes what the ledger has and the control database has not: checkpoint, version files, verification, compare-and-set.
 * Gives where the model stands then. Without applied outcomes there is no new version. Running it again after any failure is safe.
 * Throws {@link LeaseLostError} when the compare-and-set fails, else what a part threw.
 */
export async function publishOutcomes(
  context: PublicationContext,
  state: ModelState,
  unpublished: Unpublished,
): Promise<ModelState> {
  const applied = unpublished.outcomes.filter((outcome) => makesVersion(outcome, unpublished.functionOf));
  const version = applied.length > 0 ? await makeVersion(context, state, unpublished, applied) : null;
  const commit = commitOf(context, state, unpublished, version);
  // The steps so far are to stand before the outcome in the job's events; waiting for that would cost a round trip.
  context.journal.flush();
  const warming = version ? warm(context, version, applied) : undefined;
  const result = await withSpan("commit", { version: version?.version ?? 0 }, unpublished.traceparent, () =>
    retry(COMMIT, () => commitBatch(context.pool, commit), {
      signal: context.signal,
      onRetry: (error) =>
        context.logger.warn({ error }, "the outcome of the commit is unknown; asking again"),
    }),
  );
  if (result === "lost") throw new LeaseLostError("the compare-and-set failed: the model belongs to another");
  const { position } = unpublished;
  context.logger.info({ position, version: version?.version, outcomes: commit.outcomes.length }, "committed");
  if (!version) return { ...state, position };
  await clearReads(unpublished.workDir.path);
  await clearBase(unpublished.workDir.path);
  // Nobody waits for it: a read that comes sooner opens the version itself.
  void warming;
  return { position, current: version, content: version.content };
}

/** A fork changes nothing in the model that it is made of. */
function makesVersion(outcome: WriterOutcome, functionOf: Unpublished["functionOf"]): boolean {
  return outcome.status === "applied" && functionOf(outcome.intentId) !== "fork";
}

async function makeVersion(
  context: PublicationContext,
  state: ModelState,
  { writer, workDir, traceparent }: Unpublished,
  applied: WriterOutcome[],
): Promise<NewVersion> {
  const intents = applied.map((outcome) => outcome.intentId);
  const parent = state.current;
  const version = (parent?.version ?? 0) + 1;
  const createdAt = new Date();
  const identity = {
    model: context.modelId,
    version,
    createdAt: createdAt.toISOString(),
    intents,
  };
  const checkpointed = await withSpan("checkpoint", { version }, traceparent, () =>
    timed(context, intents, () =>
      writer.checkpoint({ ...identity, parent: parent?.version ?? null, parentHash: parent?.hash ?? null }),
    ),
  );
  const published = await withSpan("publish", { version }, traceparent, () =>
    context.publisher.publish({
      ...identity,
      ...describe(checkpointed),
      liveFile: workDir.liveFile,
      epoch: context.epoch,
      parent: parent?.version ?? null,
      base: baseOf(workDir.path, parent),
      // Its readers are just being told of the next one.
      keep: parent ? [nameOf(parent.file)] : [],
      reads: notedReads(workDir.path, intents),
    }),
  );
  const { file, pack, packBytes, bytes, newBytes, hash, owners } = published;
  context.journal.step(intents, {
    name: "publish",
    ...published.publish,
    detail: `${wordBytes(newBytes)} new of ${wordBytes(bytes)}`,
  });
  context.journal.log(intents, "info", "publish", wordPublication(published));
  context.journal.step(intents, {
    name: "verify",
    ...published.verify,
    detail: `ledger and ${wordCount(checkpointed.tables.length, "table")}`,
  });
  context.journal.log(intents, "info", "verify", `version ${version} has hash ${hash}`);
  return {
    version,
    parent: parent?.version ?? null,
    createdAt,
    intents,
    bytes,
    newBytes,
    hash,
    storageVersion: checkpointed.storageVersion,
    engineVersion: checkpointed.engineVersion,
    file,
    pack,
    packBytes,
    packModels: owners,
    content: contentOfVersion(version, state.content, checkpointed.tables, applied),
  };
}

/** The version whose blocks the live file was made of: mostly the one before. */
function baseOf(workDir: string, parent: ModelState["current"]): PackName | null {
  const noted = notedBase(workDir);
  if (noted !== undefined) return noted;
  return parent && nameOf(parent.file);
}

function describe(state: CheckpointedState) {
  const { tables, storageVersion, engineVersion, blockSize, ledgerHead } = state;
  return { tables, storageVersion, engineVersion, blockSize, ledgerHead };
}

async function timed(
  context: PublicationContext,
  ids: IntentId[],
  work: () => Promise<CheckpointedState>,
): Promise<CheckpointedState> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const state = await work();
  const durationMs = performance.now() - start;
  context.journal.step(ids, { name: "checkpoint", startedAt, durationMs, detail: "log emptied" });
  return state;
}

async function warm(
  context: PublicationContext,
  version: NewVersion,
  applied: WriterOutcome[],
): Promise<void> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  try {
    await context.warm(version.file);
  } catch (error) {
    context.logger.warn({ error, file: version.file }, "the reader opens the version at its first read");
    return;
  }
  context.journal.step(
    applied.map((outcome) => outcome.intentId),
    {
      name: "switch",
      startedAt,
      durationMs: performance.now() - start,
      detail: `readers on version ${wordNumber(version.version)}`,
    },
  );
}

function commitOf(
  context: PublicationContext,
  state: ModelState,
  { outcomes, position, functionOf }: Unpublished,
  version: NewVersion | null,
): BatchCommit {
  const finishedAt = new Date();
  const readableIn = (outcome: WriterOutcome) =>
    makesVersion(outcome, functionOf) ? (version?.version ?? null) : null;
  return {
    modelId: context.modelId,
    epoch: context.epoch,
    baseVersion: state.current?.version ?? 0,
    position,
    version,
    outcomes: outcomes.map((outcome) => ({
      intentId: outcome.intentId,
      status: outcome.status,
      version: readableIn(outcome),
      finishedAt,
      changes: outcome.changes,
      result: outcome.result ?? null,
      error: outcome.error ?? null,
    })),
    notifications: outcomes.map((outcome) => ({
      id: randomUUID(),
      jobId: outcome.intentId,
      version: readableIn(outcome),
      kind: outcome.status,
      ...wordNotification(functionOf(outcome.intentId), outcome, readableIn(outcome)),
    })),
  };
}
