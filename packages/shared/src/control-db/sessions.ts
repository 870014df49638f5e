import type { Db } from "./pool.ts";

/** A row of `session`: the cookie's value is known by its SHA-256 only. Written by web only. */
export async function createSession(
  db: Db,
  session: { tokenHash: string; account: string; expiresAt: Date },
): Promise<void> {
  await db.query("INSERT INTO session (token_hash, account, expires_at) VALUES ($1, $2, $3)", [
    session.tokenHash,
    session.account,
    session.expiresAt,
  ]);
}

/** The account of a live session; null when unknown, expired or revoked. */
export async function sessionAccount(db: Db, tokenHash: string): Promise<string | null> {
  const { rows } = await db.query<{ account: string }>(
    "SELECT account FROM session WHERE token_hash = $1 AND expires_at > now()",
    [tokenHash],
  );
  return rows[0]?.account ?? null;
}

export async function revokeSession(db: Db, tokenHash: string): Promise<void> {
  await db.query("DELETE FROM session WHERE token_hash = $1", [tokenHash]);
}
