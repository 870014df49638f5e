import { randomUUID } from "node:crypto";
import { jetstreamManager } from "@nats-io/jetstream";
import { ModelId, UploadId } from "@teatree/shared/contracts/ids";
import { QueuedIntent } from "@teatree/shared/contracts/manager-api";
import { findUpload } from "@teatree/shared/control-db/uploads";
import { connectNats } from "@teatree/shared/runtime/nats";
import { INTENT_STREAM } from "@teatree/shared/subjects";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { errorOf, jsonRequest } from "../testing/error-of.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await queueIsUp();
});
afterAll(() => web.stop());

// The connection to NATS comes up beside the server, and comes back by itself.
async function queueIsUp() {
  await vi.waitFor(
    async () => {
      const health = await (await web.send("/api/v1/health")).json();
      expect(health).toMatchObject({ parts: { nats: "ok" } });
    },
    { timeout: 10_000, interval: 50 },
  );
}

const sql = (text: string) => ({ function: "sql", args: { sql: text } }) as const;
const submitTo = (model: string, body: unknown, headers?: Record<string, string>) =>
  web.send(`/api/v1/models/${model}/intents`, jsonRequest(body, headers));

async function messagesOf(modelId: string) {
  const connection = await connectNats(web.servers.nats.url, "test");
  try {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info(INTENT_STREAM);
    const found: { intent: QueuedIntent; messageId: string; traceparent: string }[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(INTENT_STREAM, { seq });
      if (message?.subject !== `teatree.intents.${modelId}`) continue;
      const { header } = message;
      const traceparent = header.get("traceparent");
      found.push({
        intent: QueuedIntent.parse(message.json()),
        messageId: header.get("Nats-Msg-Id"),
        traceparent,
      });
    }
    return found;
  } finally {
    await connection.close();
  }
}

const outboxSize = async () => (await web.pool.query("SELECT FROM intent_outbox")).rowCount;

describe("submitting", () => {
  test("a fork onto a taken name, or of a version that never was, is refused before it is queued", async () => {
    const model = await makeModel(web);
    const taken = await makeModel(web);
    await publishVersion(web, model);
    const fork = (name: string, version: number) =>
      submitTo(model.name, { function: "fork", args: { name, version } });
    expect(await errorOf(await fork(taken.name, 1))).toMatchObject({ code: "model_exists" });
    expect(await errorOf(await fork("free-name", 7))).toMatchObject({ code: "version_not_found" });
    expect(await messagesOf(model.id)).toEqual([]);
    const id = uuidv7();
    const good = { id, function: "fork", args: { name: "free-name", version: 1 } };
    expect((await submitTo(model.name, good)).status).toBe(202);
    await makeModel(web, "free-name");
    // Sent again after it was made: the same job, not a taken name.
    expect((await submitTo(model.name, good)).status).toBe(200);
  });

  test("an intent is accepted and lies in the stream under its id, with the caller's trace", async () => {
    const model = await makeModel(web);
    const id = uuidv7();
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const response = await submitTo(model.name, { id, ...sql("CREATE TABLE t (a INT)") }, headers);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ intentId: id, jobId: id, status: "queued" });
    const [message] = await messagesOf(model.id);
    expect(message).toMatchObject({
      messageId: id,
      intent: { intentId: id, call: sql("CREATE TABLE t (a INT)") },
    });
    expect(message?.traceparent).toContain(traceId);
    await expect.poll(outboxSize).toBe(0);
    expect(await web.api.getJob({ params: { job: id } })).toMatchObject({
      status: "queued",
      position: 1,
      model: model.name,
      traceId,
      attempts: 0,
    });
  });

  test("an array is accepted in order, and answered in order", async () => {
    const model = await makeModel(web);
    const intents = Array.from({ length: 20 }, (_, index) => sql(`INSERT INTO t VALUES (${index})`));
    const response = await submitTo(model.name, intents);
    expect(response.status).toBe(202);
    const accepted = (await response.json()).map((one: { jobId: string }) => one.jobId);
    const messages = await messagesOf(model.id);
    expect(messages.map(({ messageId }) => messageId)).toEqual(accepted);
    expect(messages.map(({ intent }) => intent.call)).toEqual(intents);
  });

  test("one bad intent in an array keeps all out", async () => {
    const model = await makeModel(web);
    const response = await submitTo(model.name, [
      sql("SELECT 1"),
      { function: "append", args: { table: "t" } },
    ]);
    expect(await errorOf(response)).toMatchObject({
      status: 400,
      details: { issues: [{ path: "[1].args.rows" }] },
    });
    expect((await web.api.listJobs({ query: { model: model.name } })).items).toEqual([]);
  });

  test.each([
    [{ function: "frobnicate", args: {} }, "function"],
    [{ function: "sql", args: {} }, "args.sql"],
    [{ function: "sql", args: { sql: 7 } }, "args.sql"],
    [{ function: "sql", args: { sql: "x", extra: true } }, "args.extra"],
    [{ function: "append", args: { table: "", rows: [{ a: 1 }] } }, "args.table"],
    [{ function: "append", args: { table: "_teatree", rows: [{ a: 1 }] } }, "args.table"],
    [{ function: "upsert", args: { table: "t", key: [], rows: [{ a: 1 }] } }, "args.key"],
    [{ function: "delete", args: { table: "t", where: {} } }, "args.where"],
    [{ function: "polars", args: { code: "", mode: "result" } }, "args.code"],
    [{ function: "polars", args: { code: "x", mode: "replace" } }, "args.into"],
    [{ function: "polars", args: { code: "x", mode: "result", into: "t" } }, "args.into"],
    [{ function: "restore", args: { version: 0 } }, "args.version"],
    [{ ...sql("x"), id: "not-a-uuid" }, "id"],
    [{ ...sql("x"), baseVersion: "1" }, "baseVersion"],
    [{ ...sql("x"), surprise: 1 }, "surprise"],
  ])("%j is refused naming %s, and nothing is queued", async (body, path) => {
    const model = await makeModel(web);
    const error = await errorOf(await submitTo(model.name, body));
    expect(error).toMatchObject({ status: 400, code: "invalid_arguments", details: { issues: [{ path }] } });
    expect(error.message).toContain(path);
    expect((await web.api.listJobs({ query: { model: model.name } })).items).toEqual([]);
  });

  test("the coming function call is not available yet", async () => {
    const model = await makeModel(web);
    const response = await submitTo(model.name, { function: "call", args: {} });
    expect(await errorOf(response)).toMatchObject({ status: 501, code: "not_available" });
  });

  test("an unknown model is 404", async () => {
    expect(await errorOf(await submitTo("nobody", sql("SELECT 1")))).toMatchObject({
      code: "model_not_found",
    });
  });
});

describe("sending again", () => {
  test("the same id with the same content is the same job, whatever the order of its fields", async () => {
    const model = await makeModel(web);
    const id = uuidv7();
    const first = await submitTo(model.name, {
      id,
      function: "delete",
      args: { table: "t", where: { a: 1, b: 2 } },
    });
    const again = await submitTo(model.name, {
      args: { where: { b: 2, a: 1 }, table: "t" },
      function: "delete",
      id,
    });
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(await again.json()).toEqual(await first.json());
    expect(await messagesOf(model.id)).toHaveLength(1);
  });

  test("the same id with other content is a conflict, in another model too", async () => {
    const [model, other] = [await makeModel(web), await makeModel(web)];
    const id = uuidv7();
    await submitTo(model.name, { id, ...sql("SELECT 1") });
    for (const [target, text] of [
      [model.name, "SELECT 2"],
      [other.name, "SELECT 1"],
    ] as const) {
      const error = await errorOf(await submitTo(target, { id, ...sql(text) }));
      expect(error).toMatchObject({ status: 409, code: "intent_conflict" });
    }
    const array = await submitTo(model.name, [sql("SELECT 3"), { id, ...sql("SELECT 4") }]);
    expect(array.status).toBe(409);
    expect(await messagesOf(model.id)).toHaveLength(1);
  });

  test("a hundred times at once is one job and one message", async () => {
    const model = await makeModel(web);
    const id = uuidv7();
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => submitTo(model.name, { id, ...sql("SELECT 1") })),
    );
    expect(responses.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(99);
    expect(await messagesOf(model.id)).toHaveLength(1);
  });
});

describe("many rows", () => {
  const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, text: "ünïcödé ✓ ".repeat(4) }));

  test("rows above the message's size travel as an upload, once however often they are sent", async () => {
    const model = await makeModel(web);
    const body = { id: uuidv7(), function: "append", args: { table: "t", rows } };
    const responses = await Promise.all([submitTo(model.name, body), submitTo(model.name, body)]);
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 202]);
    const [message] = await messagesOf(model.id);
    const args = message?.intent.call.args ?? {};
    const uploadId = "uploadId" in args ? args.uploadId : undefined;
    const upload = await findUpload(web.pool, ModelId.parse(model.id), UploadId.parse(uploadId));
    expect(upload).toMatchObject({ format: "ndjson", filename: "rows.ndjson" });
    const { rowCount } = await web.pool.query("SELECT FROM upload WHERE model_id = $1", [model.id]);
    expect(rowCount).toBe(1);
  });

  test("arguments too large for a message that are no rows are refused", async () => {
    const model = await makeModel(web);
    const response = await submitTo(model.name, sql(`SELECT '${"x".repeat(200_000)}'`));
    expect(await errorOf(response)).toMatchObject({ status: 400, details: { issues: [{ path: "args" }] } });
  });

  test("a body beyond the limit says that it is too large", async () => {
    const model = await makeModel(web);
    const response = await submitTo(model.name, sql("x".repeat(17 * 1024 * 1024)));
    expect(await errorOf(response)).toMatchObject({ status: 413, code: "upload_too_large" });
  });
});

describe("with NATS away", () => {
  test("intents are still accepted, wait in the outbox, and are not overtaken by a later one", async () => {
    const model = await makeModel(web);
    const submit = async (text: string) => {
      const id = uuidv7();
      const response = await submitTo(model.name, { id, ...sql(text) });
      expect(response.status).toBe(202);
      return id;
    };
    const early = await submit("SELECT 0");
    await web.servers.nats.crash();
    const left = [await submit("SELECT 1"), await submit("SELECT 2")];
    const { rowCount } = await web.pool.query("SELECT FROM intent_outbox WHERE intent_id = ANY($1)", [left]);
    expect(rowCount).toBe(2);
    await web.servers.nats.restart();
    await queueIsUp();
    const late = [await submit("SELECT 3"), await submit("SELECT 4")];
    const order = (await messagesOf(model.id)).map(({ messageId }) => messageId);
    expect(order).toEqual([early, ...left, ...late]);
    await expect.poll(outboxSize).toBe(0);
  });
});

describe("an intent that cannot be", () => {
  test("its id in the other case is the same id", async () => {
    const model = await makeModel(web);
    const id = randomUUID();
    await submitTo(model.name, { id, ...sql("SELECT 1") });
    const again = await submitTo(model.name, { id: id.toUpperCase(), ...sql("SELECT 1") });
    expect([again.status, await again.json()]).toMatchObject([200, { jobId: id }]);
    expect(
      await errorOf(await submitTo(model.name, { id: id.toUpperCase(), ...sql("SELECT 2") })),
    ).toMatchObject({ code: "intent_conflict" });
  });

  test.each([
    ["an upload that is not there", { function: "append", args: { table: "t", uploadId: uuidv7() } }, 404],
    ["a NUL", { function: "append", args: { table: "t", rows: [{ a: "\0" }] } }, 400],
    ["half of a surrogate pair", sql("SELECT '\ud83d'"), 400],
    [
      "reads under a name of the engine",
      { function: "sql", args: { sql: "SELECT 1", reads: { temp: { model: "x" } } } },
      400,
    ],
  ])("for %s is refused, and nothing is queued", async (_, intent, status) => {
    const model = await makeModel(web);
    const error = await errorOf(await submitTo(model.name, intent));
    expect(error.status).toBe(status);
    expect(error.message).toContain("args.");
    expect((await web.api.listJobs({ query: { model: model.name } })).items).toEqual([]);
  });
});
