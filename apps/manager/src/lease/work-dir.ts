import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { VersionFile } from "@teatree/shared/contracts/manager-api";
import type { Logger } from "@teatree/shared/runtime/logger";
import { fsyncFolder } from "../publish/snapshot-files.ts";
import { type EpochDir, planWorkDir } from "./work-dir-plan.ts";
import { isAbandoned } from "./writer-lock.ts";

/** The version that a new live file may begin with. */
export type PublishedFile = { version: number; epoch: number; file: VersionFile };

/** Writes a published version's bytes to a file, every block checked, and syncs it. */
export type WriteVersion = (file: VersionFile, path: string) => Promise<void>;

export type WorkDir = {
  path: string;
  liveFile: string;
  stagingDir: string;
  origin: "fresh" | "adopted" | "cloned";
};

const EPOCH_DIR = /^e([1-9]\d*)$/;
const BUILDING = ".building";
const UNREADABLE = ".unreadable";
const REPLACED = ".replaced";

/**
 * Prepares `e<epoch>` below the model's work folder as {@link planWorkDir} says. The caller holds the lease of that epoch.
 * Throws `block_damaged` when the last version cannot be made from what was published.
 */
export async function prepareWorkDir(
  modelDir: string,
  epoch: number,
  published: PublishedFile | null,
  write: WriteVersion,
  logger: Logger,
): Promise<WorkDir> {
  await mkdir(modelDir, { recursive: true });
  const own = join(modelDir, `e${epoch}`);
  const plan = planWorkDir(await findEpochDirs(modelDir), published?.epoch ?? null);
  logger.info({ plan, epoch }, "work folder");
  if (plan.kind === "adopt") {
    await rename(join(modelDir, `e${plan.from}`), own);
    return finish(own, "adopted");
  }
  return startOver(modelDir, epoch, published, write);
}

/** A folder that begins with the last published version, or empty when there is none. */
export async function startOver(
  modelDir: string,
  epoch: number,
  published: PublishedFile | null,
  write: WriteVersion,
): Promise<WorkDir> {
  const own = join(modelDir, `e${epoch}`);
  const building = own + BUILDING;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  if (published) await write(published.file, join(building, "model.duckdb"));
  await rename(building, own);
  await fsyncFolder(modelDir);
  return finish(own, published ? "cloned" : "fresh");
}

/** An empty folder in which the file that shall take the place of a live one is made. */
export async function beginReplacement(workDir: WorkDir): Promise<WorkDir> {
  const building = workDir.path + BUILDING;
  await rm(building, { recursive: true, force: true });
  return finish(building, "cloned");
}

/**
 * Puts a finished replacement in the place of the folder it was begun for. Cut in between there is no folder of this epoch, and the next
 * manager begins with the last published version.
 */
export async function finishReplacement(workDir: WorkDir, replacement: WorkDir): Promise<WorkDir> {
  const modelDir = dirname(workDir.path);
  await fsyncFolder(replacement.path);
  await rename(workDir.path, workDir.path + REPLACED);
  await rename(replacement.path, workDir.path);
  await fsyncFolder(modelDir);
  await rm(workDir.path + REPLACED, { recursive: true, force: true });
  return finish(workDir.path, "cloned");
}

/** Moves a folder whose file cannot be opened out of the way; the one before it that was moved is dropped. */
export async function putAside(modelDir: string, workDir: WorkDir): Promise<void> {
  for (const name of await readdir(modelDir)) {
    if (name.endsWith(UNREADABLE)) await rm(join(modelDir, name), { recursive: true, force: true });
  }
  await rename(workDir.path, workDir.path + UNREADABLE);
}

/** Removes what earlier epochs left: their holders can publish nothing any more. */
export async function sweepWorkDirs(modelDir: string, epoch: number): Promise<void> {
  for (const name of await readdir(modelDir)) {
    const of = Number(EPOCH_DIR.exec(name.replace(BUILDING, "").replace(REPLACED, ""))?.[1] ?? epoch);
    if (of < epoch) await rm(join(modelDir, name), { recursive: true, force: true });
  }
}

async function finish(path: string, origin: WorkDir["origin"]): Promise<WorkDir> {
  const stagingDir = join(path, "staging");
  // Whatever an interrupted intent left there belongs to nobody.
  await rm(stagingDir, { recursive: true, force: true });
  await mkdir(stagingDir, { recursive: true });
  return { path, liveFile: join(path, "model.duckdb"), stagingDir, origin };
}

async function findEpochDirs(modelDir: string): Promise<EpochDir[]> {
  const dirs: EpochDir[] = [];
  for (const name of await readdir(modelDir)) {
    const epoch = Number(EPOCH_DIR.exec(name)?.[1] ?? 0);
    if (epoch === 0) continue;
    const path = join(modelDir, name);
    const hasFile = existsSync(join(path, "model.duckdb"));
    dirs.push({ epoch, hasFile, abandoned: await isAbandoned(path) });
  }
  return dirs;
}
