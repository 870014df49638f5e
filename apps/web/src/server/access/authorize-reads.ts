import type { SubmitIntent } from "@teatree/shared/contracts/intents";
import { findModel } from "@teatree/shared/control-db/goal-models";
import type { Db } from "@teatree/shared/control-db/pool";
import { authorize } from "./authorize.ts";
import type { Identity } from "./identity.ts";

/** Throws as {@link authorize} does when the intent reads a model that its sender may not read. */
export async function authorizeReads(db: Db, user: Identity | null, { args }: SubmitIntent): Promise<void> {
  for (const read of Object.values(("reads" in args ? args.reads : undefined) ?? {})) {
    // One that does not exist is the intent's own error, which its job tells.
    const other = await findModel(db, read.model);
    if (other) authorize(user, "read", other);
  }
}
