import { z } from "zod";
import { type IntentId, ModelId } from "./contracts/ids.ts";
import { QueuedIntent } from "./contracts/manager-api.ts";
import { LiveNotification } from "./contracts/notifications.ts";

/** The one stream: every accepted intent of every model, kept by limits so that it can be replayed. */
export const INTENT_STREAM = "TEATREE_INTENTS";
export const INTENT_SUBJECTS = "teatree.intents.*";
export const INTENT_MESSAGE_LIMIT_BYTES = 128 * 1024;
export const INTENT_DUPLICATE_WINDOW_MS = 120_000;

export function intentSubject(model: ModelId): string {
  return `teatree.intents.${model}`;
}
export const IntentMessage = QueuedIntent;

/** Live notifications; the payload is {@link LiveNotification}. The only subjects a browser may subscribe to. */
export function notifySubject(model: ModelId): string {
  return `teatree.notify.${model}`;
}
export const NotifyMessage = LiveNotification;

/** "Something about this job changed, read it again": wakes event streams in web. */
export const JOB_CHANGED_SUBJECTS = "teatree.job.*";
export function jobChangedSubject(job: IntentId): string {
  return `teatree.job.${job}`;
}

/** Request to any dispatcher: start (or find) the model's manager and say where it listens. */
export const ENSURE_MANAGER_SUBJECT = "teatree.dispatcher.ensure";
export const EnsureManager = z.object({ modelId: ModelId });
export const EnsuredManager = z.union([
  z.object({ managerUrl: z.url(), readerUrl: z.url() }),
  z.object({ error: z.string() }),
]);

/** Request to any dispatcher: are you there? Answers an empty message. */
export const DISPATCHER_PING_SUBJECT = "teatree.dispatcher.ping";
