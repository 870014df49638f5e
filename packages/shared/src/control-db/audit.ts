import type { ModelId } from "../contracts/ids.ts";
import { jsonText } from "./json-text.ts";
import type { Db } from "./pool.ts";

type RetentionAction = "set_retention" | "name_version" | "unname_version" | "collect";

/** Who did what, kept for ever. Written by web only. */
export async function recordAudit(
  db: Db,
  entry: {
    account: string;
    action:
      | "sign_in"
      | "create_model"
      | "submit"
      | "upload"
      | "download"
      | "cancel"
      | "retry"
      | RetentionAction;
    modelId?: ModelId;
    target?: string;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  await db.query(
    "INSERT INTO audit (account, action, model_id, target, details) VALUES ($1, $2, $3, $4, $5)",
    [entry.account, entry.action, entry.modelId ?? null, entry.target ?? null, jsonText(entry.details ?? {})],
  );
}
