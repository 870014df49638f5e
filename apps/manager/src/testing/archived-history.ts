import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { type ArchivePart, archivePartsOf } from "@teatree/shared/control-db/archive-parts";
import { type ObjectStore, openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { createLogger } from "@teatree/shared/runtime/logger";
import type { ArchiveLimits } from "../archive/archive-plan.ts";
import { type ArchiveDone, type Archiver, type ArchiverOptions, startArchiver } from "../archive/archiver.ts";
import { rebuildVersion } from "../archive/rebuild.ts";
import { openPublishedHistory, type PublishedHistory } from "./published-history.ts";
import { differences } from "./same-tables.ts";

/** A model with the real archiver behind its versions. */
export interface ArchivedHistory extends PublishedHistory {
  store: ObjectStore;
  scratchDir: string;
  /** The caller stops it. */
  start(options?: {
    epoch?: number;
    limits?: ArchiveLimits;
    onArchived?: ArchiverOptions["onArchived"];
  }): Archiver;
  /** Starts one, waits until it has caught up, and stops it. Gives what it did, version by version. */
  archiveAll(through: number, options?: { limits?: ArchiveLimits; epoch?: number }): Promise<ArchiveDone[]>;
  isArchived(version: number): Promise<boolean>;
  parts(version: number): Promise<ArchivePart[]>;
  keys(version: number): Promise<string[]>;
  /** What differs between each version and what is rebuilt of it from the archive alone; empty when nothing does. */
  everyVersionRebuilt(through: number): Promise<Record<number, string[]>>;
}

export async function openArchivedHistory(): Promise<ArchivedHistory> {
  const model = await openPublishedHistory();
  const { pool, home, modelId, storeEnv, versionsDir } = model;
  const store = await openObjectStore({ kind: "directory", path: join(home, "objects") });
  const scratchDir = join(home, "scratch");

  const start: ArchivedHistory["start"] = (options = {}) =>
    startArchiver({
      db: pool,
      storeEnv,
      modelId,
      epoch: 1,
      versionsDir,
      scratchDir,
      logger: createLogger("test", "silent"),
      onArchived: () => undefined,
      ...options,
    });

  const isArchived = async (version: number) => (await model.version(version)).archivedAt !== null;
  const parts = (version: number) => archivePartsOf(pool, modelId, version);

  async function differencesWhenRebuilt(version: number): Promise<string[]> {
    const published = join(home, `${randomUUID()}.duckdb`);
    const rebuilt = join(home, `${randomUUID()}.duckdb`);
    await model.stored.write(await model.version(version), published);
    await rebuildVersion({ store, modelId, version, out: rebuilt, say: () => undefined });
    return differences(published, rebuilt);
  }

  return {
    ...model,
    store,
    scratchDir,
    start,
    async archiveAll(through, options = {}) {
      const done: ArchiveDone[] = [];
      const archiver = start({ ...options, onArchived: (_, what) => done.push(what) });
      try {
        archiver.kick();
        await until(
          `version ${through} is archived and nothing is left to do`,
          async () => ((await isArchived(through)) && archiver.idleMs() > 0 ? true : undefined),
          { timeoutMs: 60_000 },
        );
      } finally {
        await archiver.stop();
      }
      return done;
    },
    isArchived,
    parts,
    keys: async (version) => (await parts(version)).map(({ key }) => key),
    async everyVersionRebuilt(through) {
      const found: Record<number, string[]> = {};
      for (let version = 1; version <= through; version += 1) {
        const differing = await differencesWhenRebuilt(version);
        if (differing.length > 0) found[version] = differing;
      }
      return found;
    },
  };
}

/** A query that makes rows which do not compress to nothing. */
export function rows(from: number, count: number): string {
  return `SELECT range AS n, hash(range)::VARCHAR AS h FROM range(${from}, ${from + count})`;
}
