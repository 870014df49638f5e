import type { ModelId } from "@teatree/shared/contracts/ids";
import { bearerToken, verifyToken } from "@teatree/shared/runtime/tokens";

/** Shorter than the tolerance that every check of a token's end has anyway. */
const REMEMBERED_MS = 4_000;
const MOST_REMEMBERED = 200;

/**
 * Checks `Authorization` headers for the action `query` on one model. A token that was good a moment ago is not
 * verified again: that costs as much as a small read. Throws `unauthenticated` or `forbidden`.
 */
export function tokenCheck(secret: string, modelId: ModelId): (header: string | undefined) => Promise<void> {
  const goodUntil = new Map<string, number>();
  return async (header) => {
    const token = bearerToken(header);
    const now = performance.now();
    if (token !== undefined && (goodUntil.get(token) ?? 0) > now) return;
    await verifyToken(secret, token, { sub: modelId, action: "query" });
    if (goodUntil.size >= MOST_REMEMBERED) goodUntil.clear();
    if (token !== undefined) goodUntil.set(token, now + REMEMBERED_MS);
  };
}
