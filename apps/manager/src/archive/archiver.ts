import { rm } from "node:fs/promises";
import type { ModelId } from "@teatree/shared/contracts/ids";
import {
  type ArchivePart,
  addArchivePart,
  archivePartsOf,
  markArchived,
  setArchivePlace,
  takeArchivedTables,
} from "@teatree/shared/control-db/archive-parts";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import {
  type ContentRow,
  contentOf,
  findVersion,
  setSha256,
  type VersionRow,
} from "@teatree/shared/control-db/versions";
import type { Logger } from "@teatree/shared/runtime/logger";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import { startChildCaller } from "../children/child-caller.ts";
import { ArchiveAnswer, type ArchiveCall, type StoredFile } from "./archive-call.ts";
import {
  ARCHIVE_LIMITS,
  type ArchiveLimits,
  archiveKey,
  planTable,
  recordKey,
  type TablePlan,
} from "./archive-plan.ts";
import type { ArchiveRecord, Definitions } from "./archive-record.ts";
import { createRightOfWay } from "./right-of-way.ts";

export interface Archiver {
  /** There may be a version to archive. */
  kick(): void;
  /** Until this has ended it waits, unless a version has waited for long. */
  giveWay(work: Promise<unknown>): void;
  /** Milliseconds since it had something to do; 0 while it has. */
  idleMs(): number;
  /** Stops in the middle of whatever it does; a later manager goes on there. */
  stop(): Promise<void>;
}

export type ArchiverOptions = {
  db: Db;
  /** Says where the object store is; goes to the archiver's process. */
  storeEnv: Record<string, string>;
  modelId: ModelId;
  epoch: number;
  versionsDir: string;
  /** For files on their way to the object store; emptied at the start. */
  scratchDir: string;
  limits?: ArchiveLimits;
  logger: Logger;
  onArchived: (version: VersionRow, done: ArchiveDone) => void;
};
export type ArchivedFile = Omit<ArchivePart, "part" | "version">;
export type ArchiveDone = { startedAt: string; durationMs: number; exported: ArchivedFile[] };

const TABLE = { ...RETRIES.background, name: "archive" };
/** What is damaged may only be away, or be put right by hand. */
const DELAYS = { ...TABLE.delaysMs, crashed: [1_000, 5_000, 10_000], block_damaged: [5_000, 30_000, 60_000] };

/** A version as old as that is archived beside whatever else is done. */
const MOST_WAIT_MS = 30_000;

/**
 * Brings versions to the object store in order: the pack, where that is still here only; Parquet files of the tables that no earlier
 * version has; the record that the version can be rebuilt from. Computes the plain SHA-256 of the download, too. It works beside the
 * publication in a process of low priority, from blocks, when no batch runs or has waited long: it may lag behind, and a store that is
 * away only delays it.
 */
export function startArchiver(options: ArchiverOptions): Archiver {
  const { db, modelId, logger, versionsDir, scratchDir, limits = ARCHIVE_LIMITS } = options;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let wanted = false;
  let idleSince = performance.now();
  let hasBegun = false;
  /** When the version that is its turn has waited long enough. */
  let latest = 0;
  const child = startChildCaller<ArchiveCall, ArchiveAnswer>({
    name: "archiver",
    script: new URL("./archive-child.ts", import.meta.url),
    answer: ArchiveAnswer,
    logger,
    lazy: true,
    env: { ...options.storeEnv, TEATREE_ARCHIVER: JSON.stringify({ versionsDir, scratchDir }) },
  });

  /** What it is just doing stops with it where that can be. */
  const way = createRightOfWay((isFree) => {
    if (running && hasBegun) child.call({ kind: "pace", isPaused: !isFree }).catch(() => undefined);
  });

  async function work(call: ArchiveCall): Promise<ArchiveAnswer> {
    await way.wait(latest, stopping.signal);
    return child.call(call);
  }

  async function archiveNext(): Promise<boolean> {
    const model = await modelById(db, modelId);
    if (!model || model.archivedVersion >= model.currentVersion) return false;
    const version = await findVersion(db, modelId, model.archivedVersion + 1);
    if (!version) throw new Error(`version ${model.archivedVersion + 1} has no row`);
    latest = version.createdAt.getTime() + MOST_WAIT_MS;
    await way.wait(latest, stopping.signal);
    if (stopping.signal.aborted) return false;
    hasBegun = true;
    await archiveVersion(version);
    return true;
  }

  async function archiveVersion(row: VersionRow): Promise<void> {
    const startedAt = new Date().toISOString();
    const start = performance.now();
    const version = await withSha256(row);
    await work({ kind: "upload", file: version.file });
    const exported = await archiveTables(version);
    const { definitions } = await work({ kind: "describe", file: version.file });
    if (!definitions) throw new Error("the archiver answered nothing");
    const record = await recordOf(version, definitions);
    const key = recordKey(modelId, options.epoch, version.version);
    const { bytes } = await stored({ kind: "put", key, text: JSON.stringify(record, null, 1) });
    await markArchived(db, modelId, version.version, { key, bytes });
    options.onArchived(version, { startedAt, durationMs: performance.now() - start, exported });
  }

  async function withSha256(version: VersionRow): Promise<VersionRow> {
    if (version.sha256 !== null) return version;
    const { sha256 } = await stored({ kind: "hash", file: version.file });
    await setSha256(db, modelId, version.version, sha256);
    return { ...version, sha256 };
  }

  /** Each is recorded at once, so that a restart does not export it again. */
  async function archiveTables({ file, version, parent }: VersionRow): Promise<ArchivedFile[]> {
    await takeArchivedTables(db, modelId, version);
    const open = (await contentOf(db, modelId, version)).filter((table) => table.archiveSeries === null);
    if (open.length === 0) return [];
    const before = parent === null ? [] : await contentOf(db, modelId, parent);
    const parts = parent === null ? [] : await archivePartsOf(db, modelId, parent);
    const exported: ArchivedFile[] = [];
    for (const table of open) {
      const plan = planTable(
        table,
        before.find((each) => each.table === table.table),
        parts.filter((each) => each.table === table.table),
        limits,
      );
      const added = await archiveTable(file, version, table, plan);
      if (added) exported.push(added);
    }
    return exported;
  }

  async function archiveTable(
    file: string,
    version: number,
    row: ContentRow,
    plan: TablePlan,
  ): Promise<ArchivedFile | null> {
    const { table, rows } = row;
    if (plan.kind === "same") {
      await setArchivePlace(db, modelId, version, table, plan.base);
      return null;
    }
    const skip = plan.kind === "append" ? plan.skip : 0;
    const key = archiveKey(modelId, options.epoch, version, table, skip);
    const answer = await work({ kind: "export", file, table, skip, rows, key });
    if (!answer.stored) {
      logger.warn({ table, version, skip }, "a table is not what was appended to: it is exported whole");
      return archiveTable(file, version, row, { kind: "whole" });
    }
    const added = { table, key, rows: rows - skip, ...answer.stored };
    await addArchivePart(db, modelId, version, added, plan.kind === "append" ? plan.base : null);
    return added;
  }

  async function recordOf(version: VersionRow, definitions: Definitions): Promise<ArchiveRecord> {
    const content = await contentOf(db, modelId, version.version);
    const parts = await archivePartsOf(db, modelId, version.version);
    const { parent, createdAt, intents, hash, bytes, sha256, storageVersion, engineVersion } = version;
    const tables = definitions.tables.map((definition) => {
      const known = content.find((each) => each.table === definition.name);
      if (!known) throw new Error(`version ${version.version} has no table ${definition.name}`);
      const { columns, rows, schemaHash, contentHash } = known;
      const own = parts.filter((each) => each.table === definition.name);
      return { ...definition, columns, rows, schemaHash, contentHash, parts: own.map(partOf) };
    });
    if (tables.length !== content.length) throw new Error("a table of the version has no definition");
    return {
      format: 1,
      model: modelId,
      version: version.version,
      epoch: options.epoch,
      parent,
      createdAt: createdAt.toISOString(),
      intents,
      hash,
      bytes,
      sha256,
      storageVersion,
      engineVersion,
      before: definitions.before,
      tables,
      after: definitions.after,
    };
  }

  async function stored(call: ArchiveCall): Promise<StoredFile> {
    const { stored: file } = await work(call);
    if (!file) throw new Error("the archiver answered nothing");
    return file;
  }

  async function run(): Promise<void> {
    // What a manager before left; from then on the folder is the process's.
    if (!hasBegun) await rm(scratchDir, { recursive: true, force: true });
    do {
      wanted = false;
      while (!stopping.signal.aborted && (await archiveNext()));
    } while (wanted && !stopping.signal.aborted);
    if (hasBegun) await child.call({ kind: "release" });
  }

  function kick(): void {
    wanted = true;
    if (running || stopping.signal.aborted) return;
    running = retry({ ...TABLE, delaysMs: DELAYS }, run, {
      signal: stopping.signal,
      onRetry: (error, attempt, delayMs) => logger.warn({ error, attempt, delayMs }, "the archive waits"),
    })
      .catch((error) => {
        if (!stopping.signal.aborted) logger.error({ error }, "the archive stopped until the next version");
      })
      .finally(() => {
        running = undefined;
        idleSince = performance.now();
      });
  }

  return {
    kick,
    giveWay: way.giveWay,
    idleMs: () => (running ? 0 : performance.now() - idleSince),
    async stop() {
      stopping.abort();
      await child.stop();
      await running;
    },
  };
}

function partOf({ key, rows, bytes, sha256 }: ArchivePart): ArchiveRecord["tables"][number]["parts"][number] {
  return { key, rows, bytes, sha256 };
}
