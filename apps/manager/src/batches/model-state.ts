import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import { contentOf, findVersion, listVersions } from "@teatree/shared/control-db/versions";
import type { PublishedFile } from "../lease/work-dir.ts";
import type { KnownTable } from "./content.ts";

/** The newest version as the control database knows it. */
export type CurrentVersion = { version: number; hash: string; file: string; manifestFile: string };

/** Where the model stands. Only the holder of the lease moves it, so it is read once and kept. */
export type ModelState = {
  /** Sequence in the stream of the last intent with a final outcome. */
  position: number;
  current: CurrentVersion | null;
  content: KnownTable[];
};

/** Reads where the model stands; the caller holds the lease, else it may move on meanwhile. Throws `model_not_found`. */
export async function loadModelState(db: Db, modelId: ModelId): Promise<ModelState> {
  const model = await modelById(db, modelId);
  if (!model) throw new TeatreeError("model_not_found", `There is no model ${modelId}.`);
  if (model.currentVersion === 0) return { position: model.position, current: null, content: [] };
  const [current, content] = await Promise.all([
    findVersion(db, modelId, model.currentVersion),
    contentOf(db, modelId, model.currentVersion),
  ]);
  return { position: model.position, current, content };
}

/** The current version's file for a new live file to begin with. */
export function publishedFile(versionsDir: string, current: CurrentVersion | null): PublishedFile | null {
  if (!current) return null;
  const { version, hash, file } = current;
  return { version, hash, epoch: epochOf(file), path: join(versionsDir, file) };
}

/** Names of all files that belong to published versions, relative to the versions folder. */
export async function publishedFiles(db: Db, modelId: ModelId): Promise<Set<string>> {
  const versions = await listVersions(db, modelId, { limit: 1_000_000 });
  return new Set(versions.flatMap(({ file, manifestFile }) => [file, manifestFile]));
}

function epochOf(file: string): number {
  return Number(/-e(\d+)\.duckdb$/.exec(file)?.[1] ?? 0);
}
