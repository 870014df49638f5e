import { TeatreeError } from "@teatree/shared/contracts/errors";
import { findModel, type GoalModel } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import { findVersion, type VersionRow } from "@teatree/shared/control-db/versions";

/** By id or name. Throws `model_not_found`. */
export async function requireModel(db: Db, idOrName: string): Promise<GoalModel> {
  const model = await findModel(db, idOrName);
  if (model) return model;
  throw new TeatreeError("model_not_found", `There is no model “${idOrName}”.`, {
    details: { model: idOrName },
  });
}

/** Throws `version_not_found`, with a word of its own for a model that nothing was published of yet. */
export async function requireVersion(
  db: Db,
  model: GoalModel,
  version: number | "latest",
): Promise<VersionRow> {
  const found = await findVersion(db, model.id, version);
  if (found) return found;
  const details = { model: model.name, version, currentVersion: model.currentVersion };
  const message =
    model.currentVersion === 0
      ? `The model “${model.name}” has no version yet. Its first applied intent makes version 1.`
      : `The model “${model.name}” has no version ${version}; the current one is ${model.currentVersion}.`;
  throw new TeatreeError("version_not_found", message, { details });
}
