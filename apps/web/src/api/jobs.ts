import { TeatreeError } from "@teatree/shared/contracts/errors";
import { IntentId } from "@teatree/shared/contracts/ids";
import { SubmitIntent } from "@teatree/shared/contracts/intents";
import { isFinal, JobStatus } from "@teatree/shared/contracts/jobs";
import { recordAudit } from "@teatree/shared/control-db/audit";
import { intentById, listIntents, queuePosition, requestCancel } from "@teatree/shared/control-db/intents";
import { stepsOf } from "@teatree/shared/control-db/job-events";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { WebContext } from "../server/context.ts";
import { decodeCursor, pageOf } from "../server/http/cursors.ts";
import { parseInput } from "../server/http/issues.ts";
import { streamJobEvents } from "../server/live/job-stream.ts";
import { submitIntents } from "../server/queue/submit.ts";
import { requireJob } from "../server/reads/find-job.ts";
import { requireModel } from "../server/reads/find-model.ts";
import { presentJob } from "../server/reads/present.ts";
import type { Handlers } from "./handler.ts";

/** The job alone, not its time: JavaScript's times are coarser than PostgreSQL's, and jobs of one request share theirs. */
const JobCursor = z.object({ id: IntentId });

export const jobHandlers = {
  async listJobs({ context: { pool }, query }) {
    const cursor = decodeCursor(JobCursor, query.cursor);
    const modelId = query.model === undefined ? undefined : (await requireModel(pool, query.model)).id;
    const rows = await listIntents(pool, {
      modelId,
      statuses: query.status === undefined ? undefined : statusesOf(query.status),
      submittedBy: query.by,
      function: query.function,
      limit: query.limit + 1,
      before: cursor?.id,
    });
    const page = pageOf(rows, query.limit, ({ id }) => ({ id }));
    const items = page.rows.map((row) =>
      presentJob(row, { steps: [], position: undefined, withResult: false }),
    );
    return { status: 200, body: { items, nextCursor: page.nextCursor } };
  },

  async getJob({ context, user, params }) {
    const { intent } = await requireJob(context.pool, user, "read", params.job);
    return { status: 200, body: await wholeJob(context, intent.id) };
  },

  async cancelJob({ context, user, params }) {
    const { pool, managers, queue, logger } = context;
    const { intent, model } = await requireJob(pool, user, "submit", params.job);
    if (!(await requestCancel(pool, intent.id))) {
      throw new TeatreeError("job_final", `The job is over already: it is ${intent.status}.`, {
        details: { status: intent.status },
      });
    }
    const { account } = user;
    await recordAudit(pool, { account, action: "cancel", modelId: model.id, target: intent.id });
    await managers.cancel(model, intent.id).catch((error: unknown) => {
      logger.warn(
        { error, job: intent.id },
        "the manager was not told to cancel; it finds the request itself",
      );
    });
    queue.announceJobChange(intent.id);
    return { status: 202, body: await wholeJob(context, intent.id) };
  },

  async retryJob({ context, user, params, request }) {
    const { intent, model } = await requireJob(context.pool, user, "submit", params.job);
    if (!isFinal(intent.status)) {
      throw new TeatreeError("job_not_final", `The job is still ${intent.status}; cancel it first.`, {
        details: { status: intent.status },
      });
    }
    const id = IntentId.parse(uuidv7());
    const { function: name, args, baseVersion, notebookId } = intent;
    const again = parseInput(SubmitIntent, {
      id,
      function: name,
      args,
      ...(baseVersion === null ? {} : { baseVersion }),
      ...(notebookId === null ? {} : { notebookId }),
    });
    const { traceparent } = request.headers;
    await submitIntents(context, {
      model,
      account: user.account,
      intents: [again],
      retryOf: intent.id,
      traceparent: typeof traceparent === "string" ? traceparent : undefined,
    });
    return { status: 202, body: await wholeJob(context, id) };
  },

  async streamJobEvents({ context, user, params, request, reply, signal }) {
    const { intent } = await requireJob(context.pool, user, "read", params.job);
    const until = AbortSignal.any([signal, context.stopping]);
    await streamJobEvents(context, intent.id, { request, reply, signal: until });
    return "sent";
  },
} satisfies Partial<Handlers>;

async function wholeJob({ pool }: WebContext, id: IntentId) {
  const intent = await intentById(pool, id);
  if (!intent) throw new TeatreeError("job_not_found", "There is no such job.");
  const queued = intent.status === "queued";
  const [steps, position] = await Promise.all([
    stepsOf(pool, id),
    queued ? queuePosition(pool, intent) : Promise.resolve(undefined),
  ]);
  return presentJob(intent, { steps, position, withResult: true });
}

function statusesOf(text: string): JobStatus[] {
  return parseInput(z.object({ status: z.array(JobStatus) }), {
    status: text.split(",").map((part) => part.trim()),
  }).status;
}
