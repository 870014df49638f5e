import type { Action } from "@teatree/shared/contracts/endpoints";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { IntentId } from "@teatree/shared/contracts/ids";
import { type GoalModel, modelById } from "@teatree/shared/control-db/goal-models";
import { type IntentRow, intentById } from "@teatree/shared/control-db/intents";
import type { Db } from "@teatree/shared/control-db/pool";
import { authorize } from "../access/authorize.ts";
import type { Identity } from "../access/identity.ts";

/** A job with its model, when the user may do the action there. Throws `job_not_found`, `forbidden`. */
export async function requireJob(
  db: Db,
  user: Identity,
  action: Action,
  job: string,
): Promise<{ intent: IntentRow; model: GoalModel }> {
  const intent = await intentById(db, IntentId.parse(job));
  const model = intent && (await modelById(db, intent.modelId));
  if (!intent || !model) {
    throw new TeatreeError("job_not_found", "There is no such job.", { details: { job } });
  }
  authorize(user, action, model);
  return { intent, model };
}
