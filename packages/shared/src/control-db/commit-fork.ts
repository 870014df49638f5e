import { TeatreeError } from "../contracts/errors.ts";
import type { ModelId, ModelName } from "../contracts/ids.ts";
import { insertVersion, type NewVersion } from "./commit-batch.ts";
import { inTransaction, type Pool, sqlState, UNIQUE_VIOLATION } from "./pool.ts";

export type Fork = {
  id: ModelId;
  name: ModelName;
  createdBy: string;
  from: { modelId: ModelId; version: number; epoch: number };
  /** Sequence of the intent that made it: what comes later in the stream may be the new model's. */
  position: number;
  /** Epoch that its first version was made in; the first manager takes the next one. */
  epoch: number;
  version: NewVersion;
};

/**
 * Makes the new model with its first version, guarded by the epoch of the model it comes from. Calling it again with the same id is
 * answered `made`. `lost`: another manager holds the model it comes from. Throws `model_exists` when the name is taken.
 */
export async function commitFork(pool: Pool, fork: Fork): Promise<"made" | "lost"> {
  try {
    return await inTransaction(pool, async (db) => {
      // The lock keeps another manager from taking the model over before this is committed.
      const held = await db.query("SELECT FROM goal_model WHERE id = $1 AND lease_epoch = $2 FOR SHARE", [
        fork.from.modelId,
        fork.from.epoch,
      ]);
      const made = await db.query("SELECT FROM goal_model WHERE id = $1", [fork.id]);
      if (made.rowCount === 1) return "made";
      if (held.rowCount !== 1) return "lost";
      await db.query(
        `INSERT INTO goal_model (id, name, created_by, current_version, position, lease_epoch, forked_from, forked_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          fork.id,
          fork.name,
          fork.createdBy,
          fork.version.version,
          fork.position,
          fork.epoch,
          fork.from.modelId,
          fork.from.version,
        ],
      );
      await insertVersion(db, fork.id, fork.epoch, fork.version);
      return "made";
    });
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    throw new TeatreeError(
      "model_exists",
      `A model named “${fork.name}” exists already. Choose another name.`,
      {
        details: { name: fork.name },
        cause: error,
      },
    );
  }
}
