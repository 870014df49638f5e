import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { CancelAnswer, type TokenClaims } from "@teatree/shared/contracts/manager-api";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { callJson } from "@teatree/shared/runtime/http-json";
import { signToken } from "@teatree/shared/runtime/tokens";
import type { Queue } from "../queue/queue.ts";

const ENSURE_TIMEOUT_MS = 10_000;
const CANCEL_TIMEOUT_MS = 1_500;

export type Managers = ReturnType<typeof createManagers>;

/** How web reaches the process that serves a model: the reader for queries, the manager to cancel. */
export function createManagers({ queue, secret }: { queue: Queue; secret: string }) {
  const token = (claims: TokenClaims) => signToken(secret, claims);

  /** Address of the model's reader. `fresh`: ask the dispatcher even when one is known, because it did not answer. */
  async function readerUrl(model: GoalModel, { fresh = false } = {}): Promise<string> {
    if (!fresh && model.leaseLive && model.readerUrl !== null) return model.readerUrl;
    try {
      return (await queue.ensureManager(model.id, ENSURE_TIMEOUT_MS)).readerUrl;
    } catch (cause) {
      // A reader that is replaced comes back at the same address, even while the dispatcher is away.
      if (model.leaseLive && model.readerUrl !== null) return model.readerUrl;
      if (cause instanceof TeatreeError && cause.code === "manager_unavailable") throw cause;
      throw new TeatreeError(
        "manager_unavailable",
        "The model's manager cannot be reached right now. Try again in a moment.",
        { cause },
      );
    }
  }

  /** Best effort: the request stands in PostgreSQL, where the manager finds it before it runs the intent. */
  async function cancel(model: GoalModel, intentId: IntentId): Promise<boolean> {
    if (!model.leaseLive || model.managerUrl === null) return false;
    const answer = await callJson(`${model.managerUrl}/intents/${intentId}/cancel`, {
      method: "POST",
      token: await token({ sub: model.id, action: "cancel" }),
      schema: CancelAnswer,
      timeoutMs: CANCEL_TIMEOUT_MS,
    });
    return answer.running;
  }

  return { readerUrl, cancel, queryToken: (model: GoalModel) => token({ sub: model.id, action: "query" }) };
}
