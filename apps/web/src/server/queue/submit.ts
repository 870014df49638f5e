import { TeatreeError } from "@teatree/shared/contracts/errors";
import { FunctionCall } from "@teatree/shared/contracts/functions";
import { IntentId } from "@teatree/shared/contracts/ids";
import type { AcceptedIntent, SubmitIntent } from "@teatree/shared/contracts/intents";
import type { QueuedIntent } from "@teatree/shared/contracts/manager-api";
import { recordAudit } from "@teatree/shared/control-db/audit";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { type NewIntent, type RecordedIntent, recordIntents } from "@teatree/shared/control-db/intents";
import { markPublished, type PendingPublish, pendingPublishes } from "@teatree/shared/control-db/outbox";
import { inTransaction } from "@teatree/shared/control-db/pool";
import { childTraceparent } from "@teatree/shared/runtime/traceparent";
import { withSpan } from "@teatree/shared/runtime/tracing";
import { v7 as uuidv7 } from "uuid";
import type { WebContext } from "../context.ts";
import { checkForks } from "./check-forks.ts";
import { checkUploads } from "./check-uploads.ts";
import { contentHash } from "./content-hash.ts";
import { offloadRows } from "./offload-rows.ts";

export type Submission = {
  model: GoalModel;
  account: string;
  intents: SubmitIntent[];
  retryOf?: IntentId;
  traceparent: string | undefined;
};

/**
 * Records the intents with their outbox rows in one transaction, all or none, and publishes them in order.
 * Once recorded they are accepted, whatever happens to the publishing: what is missing in the stream is relayed from
 * the outbox. Throws `intent_conflict` when an id stands for another content already, `upload_not_found`.
 */
export async function submitIntents(
  context: WebContext,
  submission: Submission,
): Promise<{ accepted: AcceptedIntent[]; created: number }> {
  return withSpan(
    "submit",
    { count: submission.intents.length },
    submission.traceparent,
    async (traceparent) => {
      await checkUploads(context.pool, submission.model.id, submission.intents);
      await checkForks(context.pool, submission.model, submission.intents);
      const intents = await newIntents(context, submission, traceparent);
      const recorded = await record(context, submission, intents);
      const fresh = new Set(recorded.filter(({ outcome }) => outcome === "new").map(({ id }) => id));
      await publishInOrder(
        context,
        submission,
        intents.filter(({ id }) => fresh.has(id)),
      );
      const accepted = recorded.map(({ id, status }) => ({ intentId: id, jobId: id, status }));
      return { accepted, created: fresh.size };
    },
  );
}

async function newIntents(
  context: WebContext,
  { model, account, intents, retryOf }: Submission,
  traceparent: string,
): Promise<NewIntent[]> {
  const ids = intents.map((intent) => intent.id ?? IntentId.parse(uuidv7()));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new TeatreeError("intent_conflict", `The id ${twice} stands twice in one request.`, {
      details: { id: twice },
    });
  }
  const made: NewIntent[] = [];
  for (const [index, intent] of intents.entries()) {
    const id = ids[index] ?? IntentId.parse(uuidv7());
    const baseVersion = intent.baseVersion ?? null;
    const hash = contentHash({
      modelId: model.id,
      function: intent.function,
      args: intent.args,
      baseVersion,
    });
    const request = { modelId: model.id, account, intentId: id, contentHash: hash, intent };
    made.push({
      id,
      function: intent.function,
      args: await offloadRows(context, request),
      contentHash: hash,
      baseVersion,
      notebookId: intent.notebookId ?? null,
      retryOf: retryOf ?? null,
      traceparent: intents.length === 1 ? traceparent : childTraceparent(traceparent),
    });
  }
  return made;
}

function record(context: WebContext, { model, account, retryOf }: Submission, intents: NewIntent[]) {
  return inTransaction(context.pool, async (db): Promise<RecordedIntent[]> => {
    const recorded = await recordIntents(db, { modelId: model.id, submittedBy: account, intents });
    const conflict = recorded.find(({ outcome }) => outcome === "conflict");
    if (conflict) {
      throw new TeatreeError(
        "intent_conflict",
        `The id ${conflict.id} belongs to another intent. Send a new id, or the same content.`,
        { details: { id: conflict.id } },
      );
    }
    const fresh = recorded.filter(({ outcome }) => outcome === "new").map(({ id }) => id);
    if (fresh.length > 0) {
      const action = retryOf === undefined ? "submit" : "retry";
      const details = fresh.length > 1 ? { details: { intents: fresh } } : {};
      await recordAudit(db, { account, action, modelId: model.id, target: fresh[0], ...details });
    }
    return recorded;
  });
}

type ToPublish = Pick<PendingPublish, "id" | "function" | "args" | "baseVersion" | "traceparent"> & {
  submittedBy: string;
  submittedAt: Date;
};

/** More than this is left to the outbox's relay. */
const AT_ONCE = 1_000;

/**
 * One after the other, and no further after the first failure: what comes later must not overtake it, so the outbox
 * relays the rest in order. For the same reason what an earlier request could not publish goes first.
 */
async function publishInOrder(
  context: WebContext,
  { model, account }: Submission,
  intents: NewIntent[],
): Promise<void> {
  const { pool, logger } = context;
  const { catchUp, publish } = context.queue;
  const caughtUp = catchUp.begin(model.id);
  const published: { intentId: IntentId; sequence: number }[] = [];
  try {
    const behind = intents.length > 0 && catchUp.isNeeded(model.id);
    const submittedAt = new Date();
    const waiting: ToPublish[] = behind
      ? await pendingPublishes(pool, { modelId: model.id, olderThanMs: 0, limit: AT_ONCE })
      : intents.map((intent) => ({ ...intent, submittedBy: account, submittedAt }));
    for (const intent of waiting) {
      const { sequence } = await publish(messageOf(model, intent), intent.traceparent);
      published.push({ intentId: intent.id, sequence });
    }
    if (behind && waiting.length < AT_ONCE) caughtUp();
  } catch (error) {
    catchUp.leftBehind(model.id);
    logger.warn({ error, published: published.length }, "the rest is left to the outbox");
  }
  if (published.length === 0) return;
  // Nobody waits for the note: without it the relay publishes once more, and the stream knows the id.
  markPublished(pool, published).catch((error: unknown) => {
    logger.warn({ error }, "published, but not noted");
  });
}

function messageOf(model: GoalModel, intent: ToPublish): QueuedIntent {
  const { id, function: name, args, baseVersion, submittedBy, submittedAt } = intent;
  return {
    intentId: id,
    modelId: model.id,
    call: FunctionCall.parse({ function: name, args }),
    baseVersion,
    submittedBy,
    submittedAt: submittedAt.toISOString(),
  };
}
