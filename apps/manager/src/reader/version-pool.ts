import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { linkVersion } from "../files/link-version.ts";
import { type LockedInstance, openLocked } from "./locked-instance.ts";
import { MOST_OPEN, memoryShare } from "./memory-share.ts";
import { type Lease, type OpenVersion, openVersion } from "./open-version.ts";

/** Versions that nobody reads stay open for a while: who read one often reads it again. */
const SPARE_VERSIONS = 3;
const IDLE_MS = 30_000;
/** A read of the version before may be on its way when the next one appears. An open version's file cannot be put to new use. */
const RETIRED_IDLE_MS = 500;
const SWEEP_MS = 250;

export type VersionPool = {
  /** A connection to the version in `file`, with other models' versions as catalogs. Files are relative. */
  lease(file: string, reads?: Record<string, string>): Promise<Lease>;
  /** Opens a version and keeps it open as the newest one; the one before is retired. */
  warm(file: string): Promise<void>;
  /** The version is no longer the newest: it closes soon after its last read. */
  retire(file: string): void;
  close(): Promise<void>;
};

/** Has the file of a version made when it is not there; `fresh`: also when it is, because it is damaged. */
export type WantFile = (file: string, fresh: boolean) => Promise<void>;

type Entry = { file: string; share: number; retired: boolean; version: OpenVersion };

export function versionPool(options: {
  versionsDir: string;
  /** A folder on the same file system for the links under which files are in use. */
  leasesDir: string;
  want: WantFile;
  threads: number;
  memoryLimitBytes: number;
}): VersionPool {
  const entries = new Map<string, Entry>();
  let newest: string | undefined;
  const sweeper = setInterval(() => sweep(SPARE_VERSIONS), SWEEP_MS);
  sweeper.unref();

  function closeEntry(key: string, entry: Entry): void {
    entries.delete(key);
    void entry.version.close();
  }

  function sweep(spare: number): void {
    const now = performance.now();
    const idle = [...entries].filter(([, { version }]) => version.leases === 0);
    const oldestFirst = idle.sort(([, a], [, b]) => a.version.idleSince - b.version.idleSince);
    let excess = oldestFirst.length - spare;
    for (const [key, entry] of oldestFirst) {
      const idleMs = now - entry.version.idleSince;
      const protectedOne = key === newest && spare > 0;
      const due = idleMs > (entry.retired ? RETIRED_IDLE_MS : IDLE_MS);
      if (protectedOne || (!due && excess <= 0)) continue;
      excess -= 1;
      closeEntry(key, entry);
    }
  }

  function add(key: string, file: string, reads: Record<string, string>): Entry {
    if (entries.size >= SPARE_VERSIONS) sweep(SPARE_VERSIONS - 1);
    if (entries.size >= MOST_OPEN) sweep(0);
    if (entries.size >= MOST_OPEN) {
      throw new TeatreeError("unavailable", "Too many different versions are being read at once. Try again.");
    }
    const share = memoryShare(
      options.memoryLimitBytes,
      [...entries.values()].map((entry) => entry.share),
    );
    const opening = open(file, reads, share);
    const forget = () => {
      if (entries.get(key) === entry) closeEntry(key, entry);
    };
    const renew = async () => {
      forget();
      for (const damaged of [file, ...Object.values(reads)]) await options.want(damaged, true);
    };
    const entry: Entry = { file, share, retired: false, version: openVersion(opening, { forget, renew }) };
    entries.set(key, entry);
    opening.catch(forget);
    return entry;
  }

  async function open(
    file: string,
    reads: Record<string, string>,
    share: number,
    fresh = false,
  ): Promise<LockedInstance> {
    const links: string[] = [];
    const endLinks = () => Promise.all(links.map((path) => rm(path, { force: true })));
    const inUse = async (wanted: string) => {
      if (fresh) await options.want(wanted, true);
      const path = join(options.leasesDir, `${randomUUID()}.duckdb`);
      links.push(path);
      await linkVersion(join(options.versionsDir, wanted), path, () => options.want(wanted, false));
      return path;
    };
    try {
      const path = await inUse(file);
      const paths: Record<string, string> = {};
      for (const [name, read] of Object.entries(reads)) paths[name] = await inUse(read);
      const { threads } = options;
      const instance = await openLocked({ file: path, reads: paths, threads, memoryLimitBytes: share });
      const close = () => {
        instance.close();
        void endLinks();
      };
      return { ...instance, close };
    } catch (error) {
      await endLinks();
      // A file that is there and cannot be opened is damaged: it is a copy, and made again from what was published.
      if (fresh || error instanceof TeatreeError) throw error;
      return open(file, reads, share, true);
    }
  }

  function retire(file: string): void {
    for (const [key, entry] of entries) {
      if (entry.file !== file) continue;
      entry.retired = true;
      if (key === newest) newest = undefined;
    }
  }

  return {
    async lease(file, reads = {}) {
      const key = keyOf(file, reads);
      return (entries.get(key) ?? add(key, file, reads)).version.lease();
    },
    async warm(file) {
      const key = keyOf(file, {});
      const lease = await (entries.get(key) ?? add(key, file, {})).version.lease();
      try {
        await lease.connection.run("SELECT system.main.count(*) FROM system.main.duckdb_tables()");
      } finally {
        lease.release(true);
      }
      const before = newest === undefined ? undefined : entries.get(newest);
      if (before !== undefined && newest !== key) retire(before.file);
      newest = key;
    },
    retire,
    async close() {
      clearInterval(sweeper);
      await Promise.all([...entries.values()].map((entry) => entry.version.close()));
      entries.clear();
    },
  };
}

function keyOf(file: string, reads: Record<string, string>): string {
  return JSON.stringify([file, Object.entries(reads).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
