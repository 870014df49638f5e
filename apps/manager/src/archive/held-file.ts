import { randomUUID } from "node:crypto";
import { link, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BlockStore, StoredVersion } from "@teatree/shared/block-store/block-store";
import { snapshotFile } from "@teatree/shared/block-store/pack-name";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { openSnapshotFiles } from "../publish/snapshot-files.ts";

export interface HeldFile {
  /**
   * Calls `read` with a file that holds the version and that nobody changes meanwhile. When that fails on a file that others made,
   * it is called again with one from blocks, every block checked.
   */
  use<T>(version: StoredVersion, read: (path: string) => Promise<T>): Promise<T>;
  release(): Promise<void>;
}

type Held = { version: StoredVersion; path: string; isOwn: boolean };

/**
 * The one file that the archiver reads. While a version's file lies there, it is a further link to that. Else it is a file of its own,
 * patched from version to version: to go through many versions of a large model costs what changed between them.
 */
export function openHeldFile(versionsDir: string, folder: string, blocks: BlockStore): HeldFile {
  const files = openSnapshotFiles(versionsDir, blocks);
  let held: Held | undefined;

  async function hold(version: StoredVersion): Promise<Held> {
    if (held && snapshotFile(held.version.name) === snapshotFile(version.name)) return held;
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${randomUUID()}.duckdb`);
    if (!(await isLinked(version, path))) return write(version);
    await release();
    held = { version, path, isOwn: false };
    return held;
  }

  /** Where no link can be made, the file is not copied: it may be put to another use in the middle of that. */
  async function isLinked({ name, list }: StoredVersion, path: string): Promise<boolean> {
    const isMade = await link(files.pathOf(name), path).then(
      () => true,
      () => false,
    );
    if (isMade && (await stat(path)).size === list.bytes) return true;
    await rm(path, { force: true });
    return false;
  }

  async function write(version: StoredVersion): Promise<Held> {
    if (held?.isOwn !== true) await release();
    const { path, version: from } = held ?? { path: join(folder, `${randomUUID()}.duckdb`) };
    // Until it is written it holds neither version.
    held = undefined;
    try {
      await files.writeTo(path, version, from);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    held = { version, path, isOwn: true };
    return held;
  }

  async function release(): Promise<void> {
    const path = held?.path;
    held = undefined;
    if (path !== undefined) await rm(path, { force: true });
  }

  return {
    async use(version, read) {
      const { path, isOwn } = await hold(version);
      try {
        return await read(path);
      } catch (error) {
        if (isOwn || (error instanceof TeatreeError && error.code === "disk_full")) throw error;
        return await read((await write(version)).path);
      }
    },
    release,
  };
}
