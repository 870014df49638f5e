import { createHash } from "node:crypto";
import type { ModelId } from "@teatree/shared/contracts/ids";

/** SHA-256 in hex of what makes two intents the same: model, function, arguments and base version. */
export function contentHash(intent: {
  modelId: ModelId;
  function: string;
  args: unknown;
  baseVersion: number | null;
}): string {
  const { modelId, function: name, args, baseVersion } = intent;
  return createHash("sha256")
    .update(canonicalJson([modelId, name, args, baseVersion]))
    .digest("hex");
}

/** JSON with sorted keys: the order in which a client writes its fields means nothing. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
