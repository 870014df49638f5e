import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import {
  type ArchivedTable,
  type ContentRow,
  contentOf,
  findVersion,
  markArchived,
  setArchivedTables,
  setSha256,
  type VersionRow,
} from "@teatree/shared/control-db/versions";
import type { Logger } from "@teatree/shared/runtime/logger";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import { startChildCaller } from "../children/child-caller.ts";
import { ArchiveAnswer, type ArchiveCall } from "./archive-call.ts";
import { archiveKey, planArchive } from "./archive-plan.ts";

export interface Archiver {
  /** There may be a version to archive. */
  kick(): void;
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
  logger: Logger;
  onArchived: (version: VersionRow, done: ArchiveDone) => void;
};
export type ArchiveDone = { startedAt: string; durationMs: number; exported: ArchivedTable[] };

const TABLE = { ...RETRIES.background, name: "archive" };
const DELAYS = { ...TABLE.delaysMs, crashed: [1_000, 5_000, 10_000] };

/**
 * Brings versions to the object store in order, one Parquet file per changed table, and computes the plain SHA-256 of each snapshot.
 * Works beside the publication from immutable files in a process of low priority; a store that is away only delays it.
 */
export function startArchiver(options: ArchiverOptions): Archiver {
  const { db, modelId, logger } = options;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let wanted = false;
  let idleSince = performance.now();
  const child = startChildCaller<ArchiveCall, ArchiveAnswer>({
    name: "archiver",
    script: new URL("./archive-child.ts", import.meta.url),
    answer: ArchiveAnswer,
    logger,
    lazy: true,
    env: options.storeEnv,
  });

  async function archiveNext(): Promise<boolean> {
    const model = await modelById(db, modelId);
    if (!model || model.archivedVersion >= model.currentVersion) return false;
    const version = await findVersion(db, modelId, model.archivedVersion + 1);
    if (!version) throw new Error(`version ${model.archivedVersion + 1} has no row`);
    await archiveVersion(version);
    return true;
  }

  async function archiveVersion(version: VersionRow): Promise<void> {
    const startedAt = new Date().toISOString();
    const start = performance.now();
    const snapshot = join(options.versionsDir, version.file);
    if (version.sha256 === null) {
      const { sha256 } = await child.call({ kind: "hash", path: snapshot });
      await setSha256(db, modelId, version.version, sha256);
    }
    const tables = await contentOf(db, modelId, version.version);
    const parent = version.parent === null ? [] : await contentOf(db, modelId, version.parent);
    const plan = planArchive(tables, parent);
    if (plan.reused.length > 0) await setArchivedTables(db, modelId, version.version, plan.reused);
    const exported: ArchivedTable[] = [];
    for (const table of plan.exported) {
      const archived = await archiveTable(snapshot, version.version, table);
      // At once, so that a restart does not export it again.
      await setArchivedTables(db, modelId, version.version, [archived]);
      exported.push(archived);
    }
    await markArchived(db, modelId, version.version);
    options.onArchived(version, { startedAt, durationMs: performance.now() - start, exported });
  }

  async function archiveTable(snapshot: string, version: number, table: ContentRow): Promise<ArchivedTable> {
    const key = archiveKey(modelId, options.epoch, version, table.table);
    const file = await child.call({
      kind: "export",
      snapshot,
      table: table.table,
      columns: table.columns,
      key,
      scratchDir: options.scratchDir,
    });
    return { table: table.table, key, ...file };
  }

  async function run(): Promise<void> {
    await rm(options.scratchDir, { recursive: true, force: true });
    await mkdir(options.scratchDir, { recursive: true });
    do {
      wanted = false;
      while (!stopping.signal.aborted && (await archiveNext()));
    } while (wanted && !stopping.signal.aborted);
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
    idleMs: () => (running ? 0 : performance.now() - idleSince),
    async stop() {
      stopping.abort();
      await child.stop();
      await running;
    },
  };
}
