import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { SubmitIntent } from "@teatree/shared/contracts/intents";
import { findModel, type GoalModel } from "@teatree/shared/control-db/goal-models";
import { intentById } from "@teatree/shared/control-db/intents";
import type { Db } from "@teatree/shared/control-db/pool";
import { requireVersion } from "../reads/find-model.ts";

/**
 * Refuses a fork that cannot come to anything before it is queued: `model_exists`, `version_not_found`, `version_removed`. One that was
 * recorded before is let through: it is the same job again, and the model may be the one that it made.
 */
export async function checkForks(db: Db, model: GoalModel, intents: SubmitIntent[]): Promise<void> {
  for (const intent of intents) {
    if (intent.function !== "fork") continue;
    if (intent.id !== undefined && (await intentById(db, intent.id)) !== null) continue;
    const { name, version } = intent.args;
    if (await findModel(db, name)) {
      throw new TeatreeError("model_exists", `A model named “${name}” exists already. Choose another name.`, {
        details: { name },
      });
    }
    await requireVersion(db, model, version);
  }
}
