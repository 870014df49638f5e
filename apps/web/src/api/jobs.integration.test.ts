import { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import { JobEvent } from "@teatree/shared/contracts/jobs";
import { LiveNotification } from "@teatree/shared/contracts/notifications";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { markStarted } from "@teatree/shared/control-db/intents";
import { appendJobEvents } from "@teatree/shared/control-db/job-events";
import { takeLease } from "@teatree/shared/control-db/leases";
import { connectNats } from "@teatree/shared/runtime/nats";
import { notifySubject } from "@teatree/shared/subjects";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { errorOf } from "../testing/error-of.ts";
import { makeModel } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

const submit = async (model: string, id = IntentId.parse(uuidv7())) =>
  (await web.api.submitIntent(model, { id, function: "sql", args: { sql: "SELECT 1" } })).jobId;
const post = (job: string, what: "cancel" | "retry") =>
  web.send(`/api/v1/jobs/${job}/${what}`, { method: "POST" });

/** Ends a job as a manager does. */
async function finish(model: { id: string }, job: IntentId, status: "failed" | "cancelled" = "failed") {
  const modelId = ModelId.parse(model.id);
  const lease = await takeLease(web.pool, { modelId, holder: "test", deadHolder: "test", ttlMs: 60_000 });
  if (lease === null) throw new Error("the lease is held by another");
  const { rows } = await web.pool.query<{ position: number }>(
    "SELECT position FROM goal_model WHERE id = $1",
    [modelId],
  );
  const finishedAt = new Date();
  const error = { code: "sql_error", message: "no such table", line: 2, column: 8 };
  const outcome = {
    intentId: job,
    status,
    version: null,
    finishedAt,
    changes: [],
    result: null,
    error,
  } as const;
  const notification = {
    id: uuidv7(),
    jobId: job,
    version: null,
    kind: status,
    title: "sql failed",
    summary: "no such table",
  };
  const position = (rows[0]?.position ?? 0) + 1;
  const batch = { modelId, epoch: lease.epoch, baseVersion: 0, position, version: null };
  await commitBatch(web.pool, {
    ...batch,
    outcomes: [{ ...outcome, changes: [] }],
    notifications: [notification],
  });
}

/** Reads server-sent events until the stream ends. */
async function eventsOf(job: string, headers: Record<string, string> = {}) {
  const response = await web.send(`/api/v1/jobs/${job}/events`, { headers });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  return parseEvents(await response.text());
}

function parseEvents(text: string) {
  return text.split("\n\n").flatMap((block) => {
    const fields = new Map(
      block.split("\n").map((line) => [line.split(": ")[0], line.split(": ").slice(1).join(": ")]),
    );
    const data = fields.get("data");
    if (data === undefined || fields.get("event") === "end") return [];
    return [
      { id: fields.get("id") ?? "", kind: fields.get("event"), event: JobEvent.parse(JSON.parse(data)) },
    ];
  });
}

describe("lists of jobs", () => {
  test("are newest first, filtered, and paged by cursor", async () => {
    const model = await makeModel(web);
    const jobs = [await submit(model.name), await submit(model.name), await submit(model.name)];
    await finish(model, jobs[0] ?? IntentId.parse(uuidv7()));
    const idsOf = async (query: object) => {
      const page = await web.api.listJobs({ query: { model: model.name, ...query } });
      return { ids: page.items.map(({ id }) => id), nextCursor: page.nextCursor };
    };
    expect((await idsOf({})).ids).toEqual(jobs.toReversed());
    expect((await idsOf({ status: "failed" })).ids).toEqual([jobs[0]]);
    expect((await idsOf({ status: "queued,running" })).ids).toEqual([jobs[2], jobs[1]]);
    expect((await idsOf({ function: "append" })).ids).toEqual([]);
    expect((await idsOf({ by: "local" })).ids).toHaveLength(3);
    const first = await idsOf({ limit: 2 });
    expect((await idsOf({ limit: 2, cursor: first.nextCursor ?? "" })).ids).toEqual([jobs[0]]);
  });

  test("leave none out of jobs that came in one request", async () => {
    const model = await makeModel(web);
    const sent = Array.from({ length: 5 }, () => ({ function: "sql", args: { sql: "SELECT 1" } }) as const);
    await web.api.submitIntents({ params: { model: model.name }, body: sent });
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await web.api.listJobs({ query: { model: model.name, limit: 2, cursor } });
      for (const { id } of page.items) ids.add(id);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids.size).toBe(5);
  });

  test("refuse a status that does not exist and a model that does not exist", async () => {
    expect(await errorOf(await web.send("/api/v1/jobs?status=sleeping"))).toMatchObject({
      code: "invalid_arguments",
    });
    expect(await errorOf(await web.send("/api/v1/jobs?model=nobody"))).toMatchObject({
      code: "model_not_found",
    });
  });
});

describe("one job", () => {
  test("knows its place in the queue and, in the end, its error with line and column", async () => {
    const model = await makeModel(web);
    const [first, second] = [await submit(model.name), await submit(model.name)];
    expect((await web.api.getJob({ params: { job: second } })).position).toBe(2);
    await finish(model, first);
    const job = await web.api.getJob({ params: { job: first } });
    expect(job).toMatchObject({ status: "failed", error: { code: "sql_error", line: 2, column: 8 } });
    expect(job.position).toBeUndefined();
  });

  test("that nobody submitted is 404, and a name that is no id is refused", async () => {
    expect(await errorOf(await web.send(`/api/v1/jobs/${uuidv7()}`))).toMatchObject({
      status: 404,
      code: "job_not_found",
    });
    expect(await errorOf(await web.send("/api/v1/jobs/nope"))).toMatchObject({ status: 400 });
  });
});

describe("cancel and retry", () => {
  test("a queued job is marked to be cancelled; a final one cannot be", async () => {
    const model = await makeModel(web);
    const job = await submit(model.name);
    expect((await post(job, "cancel")).status).toBe(202);
    const { rowCount } = await web.pool.query(
      "SELECT FROM intent WHERE id = $1 AND cancel_requested_at IS NOT NULL",
      [job],
    );
    expect(rowCount).toBe(1);
    await finish(model, job, "cancelled");
    expect(await errorOf(await post(job, "cancel"))).toMatchObject({ status: 409, code: "job_final" });
  });

  test("a final job is submitted once more as a new one that names the old; an open one cannot be", async () => {
    const model = await makeModel(web);
    const job = await submit(model.name);
    expect(await errorOf(await post(job, "retry"))).toMatchObject({ status: 409, code: "job_not_final" });
    await finish(model, job);
    const response = await post(job, "retry");
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({
      status: "queued",
      retryOf: job,
      args: { sql: "SELECT 1" },
    });
  });
});

describe("events of a job", () => {
  const at = new Date().toISOString();

  test("are streamed as they happen, and the stream ends after the final state", async () => {
    const model = await makeModel(web);
    const job = await submit(model.name);
    const streaming = eventsOf(job);
    await markStarted(web.pool, [job], new Date());
    const log = { kind: "log", at, level: "sql", step: "apply", line: "SELECT 1" } as const;
    await appendJobEvents(web.pool, [{ intentId: job, event: log }]);
    await finish(model, job);
    const events = await streaming;
    expect(events.map(({ event }) => (event.kind === "state" ? event.status : event.kind))).toEqual([
      "queued",
      "running",
      "log",
      "failed",
    ]);
    for (const { kind, event } of events) expect(kind).toBe(event.kind);
  });

  test("go on after the last one that the client saw", async () => {
    const model = await makeModel(web);
    const job = await submit(model.name);
    await markStarted(web.pool, [job], new Date());
    await finish(model, job);
    const all = await eventsOf(job);
    const rest = await eventsOf(job, { "last-event-id": all[1]?.id ?? "" });
    expect(rest).toEqual(all.slice(2));
    expect(await eventsOf(job, { "last-event-id": all.at(-1)?.id ?? "" })).toEqual([]);
  });
});

describe("notifications", () => {
  test("are listed newest first, read on from a seq oldest first, and marked as read", async () => {
    const model = await makeModel(web);
    for (let count = 0; count < 3; count += 1) await finish(model, await submit(model.name));
    const list = (query: object) => web.api.listNotifications({ query: { model: model.name, ...query } });
    const seqs = async (query: object) => (await list(query)).items.map(({ seq }) => seq);
    expect(await seqs({})).toEqual([3, 2, 1]);
    expect(await seqs({ after: 1 })).toEqual([2, 3]);
    const page = await list({ after: 0, limit: 2 });
    expect(page.items.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await seqs({ after: 0, limit: 2, cursor: page.nextCursor ?? "" })).toEqual([3]);
    const { unread } = page;
    const [first] = page.items;
    const marked = await web.api.markNotificationsRead({ body: { ids: [first?.id ?? ""] } });
    expect(marked.unread).toBe(unread - 1);
    expect(await seqs({ unread: true })).toEqual([3, 2]);
    expect((await web.api.markNotificationsRead({ body: {} })).unread).toBe(0);
  });

  test("that no manager published any more are published by web, with what the job brought", async () => {
    const connection = await connectNats(web.servers.nats.url, "test");
    const model = await makeModel(web);
    const heard: LiveNotification[] = [];
    connection.subscribe(notifySubject(ModelId.parse(model.id)), {
      callback: (_error, message) => void heard.push(LiveNotification.parse(message.json())),
    });
    await connection.flush();
    const job = await submit(model.name);
    await finish(model, job);
    await vi.waitFor(
      () => expect(heard).toMatchObject([{ jobId: job, seq: 1, kind: "failed", changes: [] }]),
      {
        timeout: 15_000,
        interval: 100,
      },
    );
    await connection.close();
  });

  test("after without a model is refused: each model counts for itself", async () => {
    const error = await errorOf(await web.send("/api/v1/notifications?after=1"));
    expect(error).toMatchObject({ status: 400, details: { issues: [{ path: "after" }] } });
  });
});
