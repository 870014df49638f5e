import type { ModelId } from "../contracts/ids.ts";
import type { Db } from "./pool.ts";

/**
 * The right to write a model, held by one manager at a time. Written by the manager only. Every clock here is the
 * database's: two machines never compare theirs.
 */
export type Lease = { modelId: ModelId; epoch: number };

/**
 * Takes the lease when it is free, expired, or still in the name of `deadHolder` (whom the caller has proven dead), and raises
 * the epoch. Null when somebody else holds it.
 */
export async function takeLease(
  db: Db,
  request: { modelId: ModelId; holder: string; ttlMs: number; deadHolder?: string },
): Promise<{ epoch: number } | null> {
  const { rows } = await db.query<{ epoch: number }>(
    `UPDATE goal_model
        SET lease_epoch = lease_epoch + 1, lease_holder = $2, manager_url = NULL, reader_url = NULL,
            lease_expires_at = clock_timestamp() + $3 * interval '1 millisecond'
      WHERE id = $1
        AND (lease_expires_at IS NULL OR lease_expires_at <= clock_timestamp() OR lease_holder = $4)
      RETURNING lease_epoch AS epoch`,
    [request.modelId, request.holder, request.ttlMs, request.deadHolder ?? null],
  );
  return rows[0] ?? null;
}

/** Says where the holder listens; false when the lease is no longer of this epoch. */
export async function announceManager(
  db: Db,
  place: Lease & { managerUrl: string; readerUrl: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE goal_model SET manager_url = $3, reader_url = $4 WHERE id = $1 AND lease_epoch = $2",
    [place.modelId, place.epoch, place.managerUrl, place.readerUrl],
  );
  return rowCount === 1;
}

/** False when another took over, or the lease had run out: the holder must stop. */
export async function renewLease(db: Db, lease: Lease & { ttlMs: number }): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE goal_model SET lease_expires_at = clock_timestamp() + $3 * interval '1 millisecond'
      WHERE id = $1 AND lease_epoch = $2 AND lease_expires_at > clock_timestamp()`,
    [lease.modelId, lease.epoch, lease.ttlMs],
  );
  return rowCount === 1;
}

export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await db.query(
    `UPDATE goal_model SET lease_expires_at = NULL, lease_holder = NULL, manager_url = NULL, reader_url = NULL
      WHERE id = $1 AND lease_epoch = $2`,
    [lease.modelId, lease.epoch],
  );
}
