import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { manifestOf } from "@teatree/shared/block-store/block-store";
import { UploadId } from "@teatree/shared/contracts/ids";
import { ManagerHealth } from "@teatree/shared/contracts/manager-api";
import { LiveNotification } from "@teatree/shared/contracts/notifications";
import { stepsOf } from "@teatree/shared/control-db/job-events";
import { listNotifications, unpublishedNotifications } from "@teatree/shared/control-db/notifications";
import { recordUpload } from "@teatree/shared/control-db/uploads";
import { contentOf } from "@teatree/shared/control-db/versions";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { connectNats } from "@teatree/shared/runtime/nats";
import { notifySubject } from "@teatree/shared/subjects";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { openTestModel, sql, type TestModel } from "./testing/test-model.ts";

let model: TestModel;

beforeAll(async () => {
  model = await openTestModel();
  await model.start();
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
});

test("an intent becomes a version with a manifest, an outcome, steps and a notification", async () => {
  const nats = await connectNats(model.servers.nats.url, "test");
  const live = nats.subscribe(notifySubject(model.modelId), { max: 1 });
  await nats.flush();
  const items = await model.submit([sql("CREATE TABLE t AS SELECT range AS n FROM range(1000)")]);
  const done = await model.send(items);
  expect(done).toEqual({ position: items.at(-1)?.sequence, version: 1 });

  const [job] = await model.intents(items);
  expect(job).toMatchObject({ status: "applied", version: 1, attempts: 1, progress: 1 });
  expect(job?.changes).toEqual([{ table: "t", rowsBefore: null, rowsAfter: 1000 }]);

  const [version] = await model.versions();
  expect(version?.intents).toEqual([job?.id]);
  expect(await model.read(version, "SELECT count(*) FROM t")).toEqual([["1000"]]);
  if (!version) throw new Error("unreachable");
  const manifest = manifestOf(await model.stored.version(version));
  expect(await model.stored.fault(version)).toBeNull();
  expect(manifest.tables.map((table) => [table.name, table.rows])).toEqual([["t", 1000]]);

  for await (const message of live) {
    const notification = LiveNotification.parse(message.json());
    expect(notification).toMatchObject({ seq: 1, kind: "applied", version: 1, jobId: job?.id });
  }
  const names = await until("all steps are recorded", async () => {
    const steps = job ? await stepsOf(model.pool, job.id) : [];
    return steps.length === 7 ? steps.map((step) => step.name).toSorted() : undefined;
  });
  expect(names).toEqual(["apply", "archive", "checkpoint", "notify", "publish", "switch", "verify"]);
  await nats.close();
});

test("a batch makes one version; a failing intent fails alone and moves the position", async () => {
  const before = await model.row();
  const items = await model.submit([
    sql("INSERT INTO t VALUES (-1)"),
    sql("INSERT INTO nowhere VALUES (1)"),
    sql("INSERT INTO t VALUES (-2)"),
  ]);
  await model.send(items);
  const jobs = await model.intents(items);
  expect(jobs.map((job) => job.status)).toEqual(["applied", "failed", "applied"]);
  const n = before.currentVersion + 1;
  expect(jobs.map((job) => job.version)).toEqual([n, null, n]);
  expect(await model.row()).toMatchObject({ currentVersion: n, position: items.at(-1)?.sequence });
  const [content] = await contentOf(model.pool, model.modelId, n);
  expect(content).toMatchObject({
    table: "t",
    rows: 1002,
    rowsDelta: 2,
    changed: true,
    writtenBy: jobs[2]?.id,
  });
});

test("a batch without an applied intent makes no version", async () => {
  const before = await model.row();
  const items = await model.submit([sql("SELEC 1")]);
  const done = await model.send(items);
  expect(done).toEqual({ position: items.at(-1)?.sequence, version: before.currentVersion });
  expect((await model.intents(items))[0]?.status).toBe("failed");
});

test("a batch that was sent before is answered as done and changes nothing", async () => {
  const items = await model.submit([sql("INSERT INTO t VALUES (-3)")]);
  const [first, second] = await Promise.all([model.send(items), model.send(items)]);
  expect(second).toEqual(first);
  expect(await model.send(items)).toEqual(first);
  const version = (await model.versions()).at(-1);
  expect(await model.read(version, "SELECT count(*) FROM t WHERE n = -3")).toEqual([["1"]]);
});

test("an intent for a version that is no longer current fails as stale", async () => {
  const { currentVersion } = await model.row();
  const items = await model.submit([sql("INSERT INTO t VALUES (-4)"), sql("INSERT INTO t VALUES (-5)")], {
    baseVersion: currentVersion,
  });
  await model.send(items);
  const jobs = await model.intents(items);
  expect(jobs.map((job) => job.status)).toEqual(["applied", "failed"]);
  expect(jobs[1]?.error?.code).toBe("base_version_stale");
});

test("a missing upload, model or version fails the intent, not the batch", async () => {
  const items = await model.submit([
    { function: "import", args: { table: "x", uploadId: UploadId.parse(randomUUID()), mode: "create" } },
    { function: "sql", args: { sql: "SELECT 1", reads: { air: { model: "nobody", version: "latest" } } } },
    { function: "restore", args: { version: 999 } },
  ]);
  await model.send(items);
  const codes = (await model.intents(items)).map((job) => job.error?.code);
  expect(codes).toEqual(["upload_not_found", "model_not_found", "version_not_found"]);
});

test("an uploaded file is imported from the object store", async () => {
  const store = await openObjectStore({ kind: "directory", path: join(model.servers.home, "objects") });
  const id = UploadId.parse(randomUUID());
  const objectKey = `models/${model.modelId}/uploads/${id}`;
  const { bytes, sha256 } = await store.put(objectKey, Buffer.from("name,n\nA,1\nB,2\n"));
  const upload = {
    id,
    modelId: model.modelId,
    filename: "air ports.csv",
    format: "csv",
    objectKey,
    bytes,
    sha256,
  } as const;
  await recordUpload(model.pool, { ...upload, createdBy: "ada" });
  const items = await model.submit([
    { function: "import", args: { table: "airports", uploadId: id, mode: "create" } },
  ]);
  await model.send(items);
  const [job] = await model.intents(items);
  expect(job).toMatchObject({ status: "applied", error: null });
  const version = (await model.versions()).at(-1);
  expect(await model.read(version, "SELECT name, n::INT FROM airports ORDER BY n")).toEqual([
    ["A", 1],
    ["B", 2],
  ]);
});

test("a version is restored as a new one", async () => {
  const items = await model.submit([{ function: "restore", args: { version: 1 } }]);
  await model.send(items);
  const [job] = await model.intents(items);
  expect(job).toMatchObject({ status: "applied", error: null });
  const version = (await model.versions()).at(-1);
  expect(version?.version).toBe(job?.version);
  expect(await model.read(version, "SELECT count(*), min(n) FROM t")).toEqual([["1000", "0"]]);
});

test("while NATS is away intents are applied, and their notifications follow when it is back", async () => {
  await model.servers.nats.stop();
  const items = await model.submit([sql("CREATE TABLE quiet AS SELECT 1 AS one")]);
  await model.send(items);
  expect((await model.intents(items))[0]?.status).toBe("applied");
  const unpublished = () =>
    unpublishedNotifications(model.pool, { modelId: model.modelId, olderThanMs: 0, limit: 100 });
  expect(await unpublished()).toHaveLength(1);
  await model.servers.nats.restart();
  await until("it is published", async () => ((await unpublished()).length === 0 ? true : undefined), {
    timeoutMs: 20_000,
  });
});

test("what an intent reads of published versions stands in the manifest", async () => {
  const items = await model.submit([
    {
      function: "sql",
      args: {
        sql: "CREATE TABLE copied AS SELECT * FROM before.t",
        reads: { before: { model: "flights", version: 1 } },
      },
    },
  ]);
  await model.send(items);
  const [job] = await model.intents(items);
  expect(job?.error).toBeNull();
  const version = (await model.versions()).at(-1);
  const manifest = manifestOf(await model.stored.version(version));
  expect(manifest.reads).toEqual({ before: { model: model.modelId, version: 1 } });
  expect(await model.read(version, "SELECT count(*) FROM copied")).toEqual([["1000"]]);
});

test("a running intent is cancelled, and one behind it that was cancelled while it waited does not run", async () => {
  const items = await model.submit([
    sql("CREATE TABLE huge AS SELECT sum(a.range) AS s FROM range(1000000) a, range(1000000) b"),
    sql("CREATE TABLE never AS SELECT 1 AS one"),
  ]);
  const [first, second] = items.map((item) => item.intent.intentId);
  if (!first || !second) throw new Error("unreachable");
  const sending = model.send(items);
  await until("it runs", async () =>
    (await model.intents(items))[0]?.status === "running" ? true : undefined,
  );
  await model.cancel(second);
  await until("it is interrupted", async () => ((await model.cancel(first)).running ? true : undefined));
  await sending;
  expect((await model.intents(items)).map((job) => job.status)).toEqual(["cancelled", "cancelled"]);
});

test("every final outcome has exactly one notification, numbered without gaps", async () => {
  const notifications = await listNotifications(model.pool, {
    reader: "ada",
    modelId: model.modelId,
    limit: 1000,
    order: "oldest",
    afterSeq: 0,
  });
  expect(notifications.map((each) => each.seq)).toEqual(notifications.map((_, index) => index + 1));
  expect(new Set(notifications.map((each) => each.jobId)).size).toBe(notifications.length);
});

test("a call without a token for this model and action is refused", async () => {
  const { managerUrl } = await model.row();
  const answer = await fetch(`${managerUrl}/health`);
  expect(answer.status).toBe(401);
});

test("health says how long nothing was asked, and a stop ends the manager in order", async () => {
  const health = await model.call("GET", "/health", "health", ManagerHealth);
  const { currentVersion } = await model.row();
  expect(health).toMatchObject({ modelId: model.modelId, epoch: 1, version: currentVersion });
  const manager = model.living();
  await model.call("POST", "/stop", "stop", z.unknown());
  expect(await manager?.exited).toEqual({ code: 0, signal: null });
  expect((await model.row()).leaseLive).toBe(false);
});
