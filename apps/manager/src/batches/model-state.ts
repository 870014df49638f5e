import { basename } from "node:path";
import { type PackName, packOfSnapshot } from "@teatree/shared/block-store/pack-name";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { modelById } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import { contentOf, findVersion, type NewContent, storedVersions } from "@teatree/shared/control-db/versions";
import type { PublishedFile } from "../lease/work-dir.ts";

/** The newest version as the control database knows it. */
export type CurrentVersion = { version: number; hash: string; file: string; pack: string };

/** Where the model stands. Only the holder of the lease moves it, so it is read once and kept. */
export type ModelState = {
  /** Sequence in the stream of the last intent with a final outcome. */
  position: number;
  current: CurrentVersion | null;
  content: NewContent[];
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

/** The current version, for a new live file to begin with. */
export function publishedFile(current: CurrentVersion | null): PublishedFile | null {
  if (!current) return null;
  const { version, file } = current;
  return { version, epoch: nameOf(file).epoch, file: VersionFile.parse(file) };
}

/** The pack of a snapshot file's name. */
export function nameOf(file: string): PackName {
  const name = packOfSnapshot(file);
  if (name === null) throw new TeatreeError("internal", `${file} is no snapshot file.`);
  return name;
}

/** Names, without folders, of all files that belong to published versions, also to removed ones. */
export async function publishedFiles(db: Db, modelId: ModelId): Promise<Set<string>> {
  const versions = await storedVersions(db, modelId);
  return new Set(versions.flatMap(({ file, pack }) => [basename(file), basename(pack)]));
}
