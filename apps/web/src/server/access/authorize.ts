import type { Action } from "@teatree/shared/contracts/endpoints";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import type { Identity } from "./identity.ts";

/**
 * The one place that says who may do what. `model` is absent for actions on no single model.
 * Throws `unauthenticated` without an identity. In the local mode an identity may do everything; roles per model
 * are added here and nowhere else.
 */
export function authorize(user: Identity | null, action: Action, _model?: GoalModel): void {
  if (action === "open" || user !== null) return;
  throw new TeatreeError(
    "unauthenticated",
    "Sign in first: open the link from the terminal, or send the token as “Authorization: Bearer …”.",
  );
}
