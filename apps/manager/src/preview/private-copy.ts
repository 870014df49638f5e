import { constants } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { VersionFile } from "@teatree/shared/contracts/manager-api";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import { linkVersion } from "../files/link-version.ts";

/** Of a version's file: one to change and one that stays as it is, both gone or stale with the next call. */
export type Copies = { liveFile: string; before: string; stagingDir: string };

export type PrivateCopyOptions = {
  /** `work/<model>`. */
  modelDir: string;
  epoch: number;
  versionsDir: string;
  ensureFile: (file: VersionFile) => Promise<void>;
  /** Writes to a file that holds the version `from` what another version has otherwise. */
  patch: (file: VersionFile, path: string, from: VersionFile) => Promise<void>;
};

const FOLDER = /^preview-e\d+$/;

/**
 * A model's file that may be written to and is thrown away. What a killed writer left in it lies in blocks that the version does
 * not use, and in a log: without the log it is the version again, so the next one needs only what changed between the versions.
 */
export function privateCopy(options: PrivateCopyOptions) {
  const folder = join(options.modelDir, `preview-e${options.epoch}`);
  const liveFile = join(folder, "model.duckdb");
  const stagingDir = join(folder, "staging");
  const before = join(stagingDir, "before.duckdb");
  let held: VersionFile | undefined;

  /** The caller is alone. Rejects with `disk_full`, `block_damaged`. */
  async function prepare(file: VersionFile | null): Promise<Copies> {
    await clean();
    await mkdir(stagingDir, { recursive: true });
    if (file === null) {
      held = undefined;
      await rm(liveFile, { force: true });
      return { liveFile, before, stagingDir };
    }
    // In use under a further name, the version's file is put to no other use.
    await linkVersion(join(options.versionsDir, file), before, () => options.ensureFile(file));
    if (held !== file) await make(file);
    return { liveFile, before, stagingDir };
  }

  async function make(file: VersionFile): Promise<void> {
    const from = held;
    held = undefined;
    const patched =
      from !== undefined &&
      (await options.patch(file, liveFile, from).then(
        () => true,
        () => false,
      ));
    if (!patched) await copyWhole();
    held = file;
  }

  async function copyWhole(): Promise<void> {
    try {
      await rm(liveFile, { force: true });
      await copyFile(before, liveFile, constants.COPYFILE_FICLONE);
    } catch (error) {
      await rm(liveFile, { force: true });
      const code = errorCodeOf(error);
      const message = code === "disk_full" ? "The disk is full." : "The model's file could not be copied.";
      throw new TeatreeError(code, message, { cause: error });
    }
  }

  /** Removes what a run left; the caller has seen its process end. */
  async function clean(): Promise<void> {
    await rm(stagingDir, { recursive: true, force: true });
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (name !== "model.duckdb") await rm(join(folder, name), { recursive: true });
  }

  return {
    prepare,
    clean,
    /** Removes everything. */
    async drop(): Promise<void> {
      held = undefined;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Removes what managers before left: call it with the lease in hand. */
export async function sweepCopies(modelDir: string): Promise<void> {
  for (const name of await readdir(modelDir).catch(() => [])) {
    if (FOLDER.test(name)) await rm(join(modelDir, name), { recursive: true, force: true });
  }
}
