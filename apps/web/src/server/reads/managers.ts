import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { CancelAnswer, type TokenClaims } from "@teatree/shared/contracts/manager-api";
import { Preview, type PreviewRequest } from "@teatree/shared/contracts/preview";
import { Collected } from "@teatree/shared/contracts/retention";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { callJson } from "@teatree/shared/runtime/http-json";
import { signToken } from "@teatree/shared/runtime/tokens";
import type { Queue } from "../queue/queue.ts";

const ENSURE_TIMEOUT_MS = 10_000;
const CANCEL_TIMEOUT_MS = 1_500;
/** A collection goes over every pack of the model, after the batch that runs. */
const COLLECT_TIMEOUT_MS = 10 * 60_000;

export type Managers = ReturnType<typeof createManagers>;

/** How web reaches the process that serves a model: the reader for queries, the manager to cancel, to collect and to preview. */
export function createManagers({ queue, secret }: { queue: Queue; secret: string }) {
  const token = (claims: TokenClaims) => signToken(secret, claims);

  /** Address of the model's reader. `fresh`: ask the dispatcher even when one is known, because it did not answer. */
  async function readerUrl(model: GoalModel, { fresh = false } = {}): Promise<string> {
    if (!fresh && model.leaseLive && model.readerUrl !== null) return model.readerUrl;
    try {
      return (await ensured(model)).readerUrl;
    } catch (error) {
      // A reader that is replaced comes back at the same address, even while the dispatcher is away.
      if (model.leaseLive && model.readerUrl !== null) return model.readerUrl;
      throw error;
    }
  }

  /** Throws `manager_unavailable` when there is none and none can be started. */
  async function ensured(model: GoalModel) {
    try {
      return await queue.ensureManager(model.id, ENSURE_TIMEOUT_MS);
    } catch (cause) {
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

  /** Rejects as the manager's collection does. A manager is started when there is none. */
  async function collect(model: GoalModel): Promise<Collected> {
    const { managerUrl } = await ensured(model);
    return callJson(`${managerUrl}/collect`, {
      method: "POST",
      token: await token({ sub: model.id, action: "collect" }),
      schema: Collected,
      timeoutMs: COLLECT_TIMEOUT_MS,
    });
  }

  /** Rejects as the manager does, with `cancelled` when the signal aborts. A manager is started when there is none. */
  async function preview(model: GoalModel, request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    const send = async (managerUrl: string) =>
      callJson(`${managerUrl}/preview`, {
        method: "POST",
        token: await token({ sub: model.id, action: "preview" }),
        body: request,
        schema: Preview,
        signal,
      });
    if (model.leaseLive && model.managerUrl !== null) {
      try {
        return await send(model.managerUrl);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
      }
    }
    return send((await ensured(model)).managerUrl);
  }

  return {
    readerUrl,
    cancel,
    collect,
    preview,
    queryToken: (model: GoalModel) => token({ sub: model.id, action: "query" }),
  };
}

/** Nobody took the call: the manager was stopped for idling, or died. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TeatreeError && error.code === "unavailable" && "reason" in error.details;
}
