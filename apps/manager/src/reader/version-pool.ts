import { access } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { openLocked } from "./locked-instance.ts";
import { MOST_OPEN, memoryShare } from "./memory-share.ts";
import { type Lease, type OpenVersion, openVersion } from "./open-version.ts";

/** Versions that nobody reads stay open for a while: who read one often reads it again. */
const SPARE_VERSIONS = 4;
const IDLE_MS = 60_000;
/** A read of the version before may be on its way when the next one appears. */
const RETIRED_IDLE_MS = 2_000;
const SWEEP_MS = 1_000;

export type VersionPool = {
  /** A connection to the version in `file`, with other models' versions as catalogs. Files are relative. */
  lease(file: string, reads?: Record<string, string>): Promise<Lease>;
  /** Opens a version and keeps it open as the newest one; the one before is retired. */
  warm(file: string): Promise<void>;
  /** The version is no longer the newest: it closes soon after its last read. */
  retire(file: string): void;
  close(): Promise<void>;
};

type Entry = { file: string; share: number; retired: boolean; version: OpenVersion };

export function versionPool(options: {
  versionsDir: string;
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
    const entry: Entry = { file, share, retired: false, version: openVersion(opening, forget) };
    entries.set(key, entry);
    opening.catch(forget);
    return entry;
  }

  async function open(file: string, reads: Record<string, string>, share: number) {
    const path = join(options.versionsDir, file);
    const paths = Object.fromEntries(
      Object.entries(reads).map(([name, read]) => [name, join(options.versionsDir, read)]),
    );
    for (const wanted of [path, ...Object.values(paths)]) await present(wanted);
    return openLocked({ file: path, reads: paths, threads: options.threads, memoryLimitBytes: share });
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

async function present(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new TeatreeError("unavailable", "The file of this version is not here.", { cause });
  }
}
