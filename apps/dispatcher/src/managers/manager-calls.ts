import type { ModelId } from "@teatree/shared/contracts/ids";
import { ManagerHealth } from "@teatree/shared/contracts/manager-api";
import { callJson } from "@teatree/shared/runtime/http-json";
import { signToken } from "@teatree/shared/runtime/tokens";
import { z } from "zod";

const PATIENCE_MS = 2_000;

/** What a manager says of itself. Throws when it does not answer within 2 s, or answers for another model. */
export async function managerHealth(
  secret: string,
  modelId: ModelId,
  managerUrl: string,
): Promise<ManagerHealth> {
  const health = await callJson(`${managerUrl}/health`, {
    token: await signToken(secret, { sub: modelId, action: "health" }),
    schema: ManagerHealth,
    timeoutMs: PATIENCE_MS,
  });
  if (health.modelId !== modelId) throw new Error("another model's manager listens there");
  return health;
}

/** Asks a manager to drain and end. Throws when it does not say yes within 2 s. */
export async function stopManager(secret: string, modelId: ModelId, managerUrl: string): Promise<void> {
  await callJson(`${managerUrl}/stop`, {
    method: "POST",
    token: await signToken(secret, { sub: modelId, action: "stop" }),
    schema: z.unknown(),
    timeoutMs: PATIENCE_MS,
  });
}
