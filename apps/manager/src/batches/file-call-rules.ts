import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { findModel } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import { findVersion, type VersionRow } from "@teatree/shared/control-db/versions";

/** A version that is kept. Throws `version_not_found`, `version_removed`. */
export async function requireVersion(db: Db, modelId: ModelId, version: number): Promise<VersionRow> {
  const found = await findVersion(db, modelId, version);
  if (found) return found;
  throw new TeatreeError("version_not_found", `There is no version ${version}.`, { details: { version } });
}

/** Throws `version_current`: restoring it would change nothing. */
export function refuseCurrent(version: number, current: number | undefined): void {
  if (version !== current) return;
  const message = `Version ${version} is the current one; there is nothing to restore.`;
  throw new TeatreeError("version_current", message, { details: { version } });
}

/** Throws `model_exists` for the name of a model; that of `own`, which an earlier try made, is free. */
export async function refuseTakenName(db: Db, name: string, own?: ModelId): Promise<void> {
  const taken = await findModel(db, name);
  if (!taken || taken.id === own) return;
  const message = `A model named “${name}” exists already. Choose another name.`;
  throw new TeatreeError("model_exists", message, { details: { name } });
}

/** Throws `version_not_found` for a model without any version. */
export function refuseEmpty(current: { version: number } | null): void {
  if (current !== null) return;
  throw new TeatreeError("version_not_found", "The model has no version yet; there is nothing to compact.");
}
