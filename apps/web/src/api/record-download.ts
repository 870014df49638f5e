import { recordAudit } from "@teatree/shared/control-db/audit";
import type { ApiCall } from "./handler.ts";

type Download = Pick<ApiCall<"getSnapshot">, "context" | "user" | "model" | "request">;

/** One row per download, not one per range: a range reader sends dozens for one file. */
export async function recordDownload(
  { context, user, model, request }: Download,
  target: string,
): Promise<void> {
  const { range } = request.headers;
  if (request.method === "HEAD" || (range !== undefined && !/^bytes=0-/.test(range))) return;
  await recordAudit(context.pool, { account: user.account, action: "download", modelId: model.id, target });
}
