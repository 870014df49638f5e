import { TeatreeError } from "../contracts/errors.ts";
import type { ModelId } from "../contracts/ids.ts";
import type { CreateModel } from "../contracts/models.ts";
import { type Db, sqlState, UNIQUE_VIOLATION } from "./pool.ts";

/** A row of `goal_model`. Written by web (creation), the manager (lease, version, position). */
export type GoalModel = {
  id: ModelId;
  name: string;
  description: string | null;
  createdAt: Date;
  updatedAt: Date;
  currentVersion: number;
  archivedVersion: number;
  position: number;
  leaseEpoch: number;
  leaseHolder: string | null;
  leaseLive: boolean;
  managerUrl: string | null;
  readerUrl: string | null;
};

export const GOAL_MODEL_COLUMNS = `id, name, description, created_at AS "createdAt", updated_at AS "updatedAt",
  current_version AS "currentVersion", archived_version AS "archivedVersion", position,
  lease_epoch AS "leaseEpoch", lease_holder AS "leaseHolder",
  coalesce(lease_expires_at > clock_timestamp(), false) AS "leaseLive",
  manager_url AS "managerUrl", reader_url AS "readerUrl"`;

/** Throws `model_exists` when the name is taken. */
export async function createModel(
  db: Db,
  model: CreateModel & { id: ModelId; createdBy: string },
): Promise<GoalModel> {
  try {
    const { rows } = await db.query<GoalModel>(
      `INSERT INTO goal_model (id, name, description, created_by) VALUES ($1, $2, $3, $4)
       RETURNING ${GOAL_MODEL_COLUMNS}`,
      [model.id, model.name, model.description ?? null, model.createdBy],
    );
    const [created] = rows;
    if (!created) throw new Error("INSERT … RETURNING gave no row");
    return created;
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    throw new TeatreeError(
      "model_exists",
      `A model named “${model.name}” exists already. Choose another name.`,
      {
        details: { name: model.name },
        cause: error,
      },
    );
  }
}

/** By name; `afterName` is the last name of the page before. */
export async function listModels(db: Db, page: { limit: number; afterName?: string }): Promise<GoalModel[]> {
  const { rows } = await db.query<GoalModel>(
    `SELECT ${GOAL_MODEL_COLUMNS} FROM goal_model WHERE $1::text IS NULL OR name > $1 ORDER BY name LIMIT $2`,
    [page.afterName ?? null, page.limit],
  );
  return rows;
}

/** A name cannot look like a UUID followed by nothing else, so one lookup serves both. */
export async function findModel(db: Db, idOrName: string): Promise<GoalModel | null> {
  const { rows } = await db.query<GoalModel>(
    `SELECT ${GOAL_MODEL_COLUMNS} FROM goal_model WHERE id::text = lower($1) OR name = $1 ORDER BY (id::text = lower($1)) DESC LIMIT 1`,
    [idOrName],
  );
  return rows[0] ?? null;
}

export async function modelById(db: Db, id: ModelId): Promise<GoalModel | null> {
  const { rows } = await db.query<GoalModel>(`SELECT ${GOAL_MODEL_COLUMNS} FROM goal_model WHERE id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** Models whose lease is live: those with a manager that can be asked. */
export async function modelsWithManager(db: Db): Promise<GoalModel[]> {
  const { rows } = await db.query<GoalModel>(
    `SELECT ${GOAL_MODEL_COLUMNS} FROM goal_model WHERE lease_expires_at > clock_timestamp()`,
  );
  return rows;
}
