import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { findModel } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import { findVersion, type VersionRow } from "@teatree/shared/control-db/versions";

/** The version that an intent's `reads` names. Throws `model_not_found`, `version_not_found`, `version_removed`. */
export async function versionToRead(
  db: Db,
  own: ModelId,
  { model, version }: { model: string; version: number | "latest" },
): Promise<VersionRow> {
  const modelId = model === own ? own : (await findModel(db, model))?.id;
  if (modelId === undefined) {
    throw new TeatreeError("model_not_found", `There is no model “${model}”.`, { details: { model } });
  }
  const found = await findVersion(db, modelId, version);
  if (found) return found;
  const which = version === "latest" ? "has no version yet" : `has no version ${version}`;
  throw new TeatreeError("version_not_found", `The model “${model}” ${which}.`, {
    details: { model, version },
  });
}
