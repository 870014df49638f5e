import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BlockList, blockOffset, missingIndexes } from "@teatree/shared/block-store/block-list";
import type { BlockStore, ReadBlock, StoredVersion } from "@teatree/shared/block-store/block-store";
import { writeFully } from "@teatree/shared/block-store/file-bytes";
import { type PackName, packOfSnapshot, snapshotFile } from "@teatree/shared/block-store/pack-name";
import { chooseBase, chooseSurplus, type KnownFile } from "./snapshot-choice.ts";

/** Blocks that lie side by side are written with one call, up to so many. */
const MOST_TOGETHER = 32;

/** Ends the name of what is not yet a version; swept at the next start. */
export const UNFINISHED = ".unfinished";

export type Made = {
  /** The file, complete but not yet synced, under a name that nobody looks for. */
  path: string;
  how: "reflink" | "patch" | "copy";
  /** Bytes written to make it. */
  bytes: number;
};

/** Where the bytes come from: a live file that holds them all, or what was published. */
export type Bytes = {
  header: Buffer;
  read(indexes: number[]): AsyncIterable<ReadBlock>;
  /** A whole file with the same blocks: a file system that can shares its extents. */
  whole?: string;
};

/**
 * The read-only files of versions that lie on this machine: a cache, made again from blocks at any time. A file is used under a
 * hard link of the user's own; one with such a link is never written to.
 */
export function openSnapshotFiles(versionsDir: string, store: BlockStore) {
  /** Two at once could take the same old file. */
  let turn: Promise<unknown> = Promise.resolve();
  /** Whether this file system shares extents: asking it is as dear as a small patch. */
  let sharesExtents = true;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  const pathOf = (name: PackName) => join(versionsDir, snapshotFile(name));

  /** Makes the version's file beside its place. The caller verifies it and calls {@link show}, or removes it. */
  async function make(name: PackName, list: BlockList, bytes: Bytes, keep: PackName[]): Promise<Made> {
    const path = `${pathOf(name)}.${randomUUID()}${UNFINISHED}`;
    await makeFolder(dirname(path));
    try {
      if (bytes.whole !== undefined && sharesExtents) {
        sharesExtents = await reflink(bytes.whole, path);
        if (sharesExtents) {
          await truncate(path, list.bytes);
          return { path, how: "reflink", bytes: 0 };
        }
      }
      const base = await takeBase(name, list, keep, path);
      const indexes = base === null ? usedIndexes(list) : missingIndexes(list, base);
      const written = await write(path, list, bytes, indexes, base === null ? "w" : "r+");
      return { path, how: base === null ? "copy" : "patch", bytes: written };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Moves an old file that nobody uses to `path` and gives its list; null when there is none worth it. */
  async function takeBase(
    name: PackName,
    list: BlockList,
    keep: PackName[],
    path: string,
  ): Promise<BlockList | null> {
    const known = await filesOf(name.model, [name, ...keep]);
    for (const file of chooseBase(known, list.bytes)) {
      const from = pathOf(file.name);
      const base = await store.version(file.name).catch(() => null);
      if (base === null) {
        await rm(from, { force: true });
        continue;
      }
      // Once it is gone from its name nobody can begin to use it: only now is the count of links true.
      await rename(from, path);
      if ((await stat(path)).nlink === 1) return base.list;
      await rename(path, from);
    }
    return null;
  }

  async function filesOf(model: PackName["model"], keep: PackName[]): Promise<KnownFile[]> {
    const kept = new Set(keep.map(snapshotFile));
    const found: KnownFile[] = [];
    for (const entry of await readdir(join(versionsDir, model)).catch(() => [])) {
      const name = packOfSnapshot(`${model}/${entry}`);
      if (name === null || kept.has(`${model}/${entry}`)) continue;
      const facts = await stat(join(versionsDir, model, entry)).catch(() => null);
      if (facts) found.push({ name, bytes: facts.size, inUse: facts.nlink > 1 });
    }
    return found;
  }

  /** Gives a finished file its name. From here on readers find it. */
  async function show(name: PackName, path: string): Promise<void> {
    await rename(path, pathOf(name));
    await fsyncFolder(dirname(pathOf(name)));
  }

  return {
    pathOf,
    make: (name: PackName, list: BlockList, bytes: Bytes, keep: PackName[]) =>
      inTurn(() => make(name, list, bytes, keep)),
    show,
    /** The file of a published version, made from its blocks when it is not there, not whole, or wanted `fresh`. */
    async ensure(version: StoredVersion, keep: PackName[], fresh: boolean): Promise<string> {
      return inTurn(async () => {
        const { name, list } = version;
        const path = pathOf(name);
        if (!fresh && (await stat(path).catch(() => null))?.size === list.bytes) return path;
        const made = await make(name, list, await storedBytes(store, version), keep);
        await fsyncFile(made.path);
        await show(name, made.path);
        return path;
      });
    },
    /**
     * Writes a private file with the bytes of a published version, every block checked, and syncs it. A file that is known to hold the version
     * `from` only gets what differs. Gives the bytes written.
     */
    async writeTo(path: string, version: StoredVersion, from?: StoredVersion): Promise<number> {
      await makeFolder(dirname(path));
      const { list } = version;
      const indexes = from ? missingIndexes(list, from.list) : usedIndexes(list);
      const written = await write(path, list, await storedBytes(store, version), indexes, from ? "r+" : "w");
      await fsyncFile(path);
      return written;
    },
    /** Removes the oldest files that nobody uses until what is left fits. */
    async trim(model: PackName["model"], keep: PackName[]): Promise<void> {
      await inTurn(async () => {
        for (const { name } of chooseSurplus(await filesOf(model, keep))) {
          const path = pathOf(name);
          const aside = `${path}.${randomUUID()}${UNFINISHED}`;
          await rename(path, aside);
          await rm(aside, { force: true });
        }
      });
    },
  };
}

async function storedBytes(store: BlockStore, version: StoredVersion): Promise<Bytes> {
  return { header: await store.header(version), read: (indexes) => store.read(version.list, indexes) };
}

function usedIndexes(list: BlockList): number[] {
  return [...list.blocks.keys()].filter((index) => list.blocks[index] !== null);
}

async function write(
  path: string,
  list: BlockList,
  bytes: Bytes,
  indexes: number[],
  flags: "w" | "r+",
): Promise<number> {
  const file = await open(path, flags);
  try {
    await file.truncate(list.bytes);
    let run = { buffers: [bytes.header], offset: 0, end: bytes.header.length };
    let written = 0;
    for await (const block of bytes.read(indexes)) {
      const offset = blockOffset(list, block.index);
      if (run.end !== offset || run.buffers.length >= MOST_TOGETHER) {
        written += await writeFully(file, run.buffers, run.offset);
        run = { buffers: [], offset, end: offset };
      }
      run.buffers.push(block.bytes);
      run.end += block.bytes.length;
    }
    return written + (await writeFully(file, run.buffers, run.offset));
  } finally {
    await file.close();
  }
}

/** True when `target` now shares the source's extents; false when this file system has no such thing. */
async function reflink(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EINVAL", "ENOTTY"].includes(code)) return false;
    throw error;
  }
}

/** Makes a file's bytes survive a power cut. */
export async function fsyncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a folder, and the names that lead to it durable. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let above = dirname(path); above.length >= dirname(first).length; above = dirname(above)) {
    await fsyncFolder(above);
  }
}

/** Makes a folder's names survive a power cut. */
export async function fsyncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
