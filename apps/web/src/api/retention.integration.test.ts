import { ModelId } from "@teatree/shared/contracts/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { applySql } from "../testing/apply-sql.ts";
import { startDispatcher } from "../testing/dispatcher.ts";
import { errorOf, jsonRequest } from "../testing/error-of.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

const put = (path: string, body: unknown) =>
  web.send(`/api/v1${path}`, { ...jsonRequest(body), method: "PUT" });

async function auditOf(modelId: string) {
  const { rows } = await web.pool.query(
    "SELECT action, target, details FROM audit WHERE model_id = $1 ORDER BY id",
    [modelId],
  );
  return rows;
}

describe("what a model keeps", () => {
  test("is everything, until somebody says otherwise", async () => {
    const model = await makeModel(web);
    const params = { model: model.name };
    const retention = { keepLast: null, keepDays: null, graceMinutes: 60 };
    expect(await web.api.getRetention({ params })).toEqual(retention);
    const body = { keepLast: 20, keepDays: 30, graceMinutes: 5 };
    expect(await web.api.setRetention({ params, body })).toEqual(body);
    expect(await web.api.getRetention({ params })).toEqual(body);
    expect(await auditOf(model.id)).toContainEqual({ action: "set_retention", target: null, details: body });
  });

  test.each([
    [{ keepLast: 0, keepDays: null, graceMinutes: 5 }, "keepLast"],
    [{ keepLast: 1.5, keepDays: null, graceMinutes: 5 }, "keepLast"],
    [{ keepLast: null, keepDays: -1, graceMinutes: 5 }, "keepDays"],
    [{ keepLast: null, keepDays: null, graceMinutes: -1 }, "graceMinutes"],
    [{ keepLast: 1, keepDays: null }, "graceMinutes"],
    [{ keepLast: 1, keepDays: null, graceMinutes: 1, keepAll: true }, "keepAll"],
  ])("cannot be %j", async (body, path) => {
    const model = await makeModel(web);
    const error = await errorOf(await put(`/models/${model.name}/retention`, body));
    expect(error).toMatchObject({ status: 400, code: "invalid_arguments", details: { issues: [{ path }] } });
  });
});

describe("a version's name", () => {
  let model: { id: string; name: string };
  beforeEach(async () => {
    model = await makeModel(web);
    await publishVersion(web, model);
    await publishVersion(web, model);
  });

  test("is given, changed and taken away, and is shown wherever the version is", async () => {
    const params = { model: model.name, version: 1 };
    expect(await web.api.getVersion({ params })).toMatchObject({ name: null });
    const named = await web.api.nameVersion({ params, body: { name: "  Q3 close ✓ " } });
    expect(named).toMatchObject({ version: 1, name: "Q3 close ✓" });
    const { items } = await web.api.listVersions({ params });
    expect(items.map(({ name }) => name)).toEqual([null, "Q3 close ✓"]);
    expect(await web.api.unnameVersion({ params })).toMatchObject({ name: null });
    const audit = await auditOf(model.id);
    expect(audit).toContainEqual({ action: "name_version", target: "v1", details: { name: "Q3 close ✓" } });
    expect(audit).toContainEqual({ action: "unname_version", target: "v1", details: {} });
  });

  test("belongs to one version of a model", async () => {
    const path = `/models/${model.name}/versions`;
    expect((await put(`${path}/1/name`, { name: "Q3 close" })).status).toBe(200);
    expect((await put(`${path}/1/name`, { name: "Q3 close" })).status).toBe(200);
    const taken = await errorOf(await put(`${path}/2/name`, { name: "Q3 close" }));
    expect(taken).toMatchObject({ status: 409, code: "version_name_taken" });
    const unknown = await errorOf(await put(`${path}/9/name`, { name: "x" }));
    expect(unknown).toMatchObject({ status: 404, code: "version_not_found" });
    for (const name of ["", "   ", "x".repeat(81), "a\nb"]) {
      expect(await errorOf(await put(`${path}/1/name`, { name }))).toMatchObject({ status: 400 });
    }
    expect(await errorOf(await put(`${path}/latest/name`, { name: "x" }))).toMatchObject({ status: 400 });
  });
});

test("a removed version is 410 wherever it is asked for, and says which are kept", async () => {
  const model = await makeModel(web);
  for (let version = 1; version <= 3; version += 1) await publishVersion(web, model);
  await web.pool.query("UPDATE model_version SET removed_at = now() WHERE model_id = $1 AND version = 2", [
    model.id,
  ]);
  const path = `/api/v1/models/${model.name}/versions`;
  const asked = [
    web.send(`${path}/2`),
    web.send(`${path}/2/snapshot`),
    web.send(`${path}/2/manifest`),
    web.send(`${path}/3/manifest?since=2`),
    web.send(`${path}/2/archive`),
    web.send(`${path}/2/archive/flights`),
    put(`/models/${model.name}/versions/2/name`, { name: "too late" }),
    web.send(`/api/v1/models/${model.name}/query`, jsonRequest({ sql: "SELECT 1", version: 2 })),
    web.send(
      `/api/v1/models/${model.name}/query`,
      jsonRequest({ sql: "SELECT 1", reads: { other: { model: model.name, version: 2 } } }),
    ),
  ];
  for (const answer of asked) {
    expect(await errorOf(await answer)).toMatchObject({
      status: 410,
      code: "version_removed",
      details: { version: 2, kept: [1, 3], removedAt: expect.stringMatching(/Z$/) },
    });
  }
  const { items } = await web.api.listVersions({ params: { model: model.name } });
  expect(items.map(({ version }) => version)).toEqual([3, 1]);
});

test("without a manager there is no collection, and the answer says so", async () => {
  const model = await makeModel(web);
  const response = await web.send(`/api/v1/models/${model.name}/collect`, { method: "POST" });
  expect(await errorOf(response)).toMatchObject({ status: 503, code: "manager_unavailable" });
});

describe("with a manager", () => {
  let stopDispatcher: () => Promise<void>;
  beforeAll(async () => {
    stopDispatcher = await startDispatcher(web);
  });
  afterAll(() => stopDispatcher?.());

  test("bytes of a model are told apart, and those that nobody needs are freed", async () => {
    const { id, name: model } = await makeModel(web);
    const params = { model };
    for (let turn = 1; turn <= 4; turn += 1) {
      await applySql(
        web,
        model,
        `CREATE OR REPLACE TABLE t AS SELECT md5((range * ${turn})::VARCHAR) AS a FROM range(50000)`,
      );
    }
    await vi.waitFor(
      async () =>
        expect((await web.api.listVersions({ params })).items.every(({ archived }) => archived)).toBe(true),
      { timeout: 30_000, interval: 100 },
    );
    await web.api.nameVersion({ params: { ...params, version: 1 }, body: { name: "first" } });
    const before = await web.api.getStorage({ params });
    expect(before).toMatchObject({
      versions: 4,
      named: [{ version: 1, name: "first" }],
      packs: { liveBytes: before.packs.bytes, waitingBytes: 0, deadBytes: 0 },
      waiting: { versions: 0, until: null },
    });
    expect(before.file?.bytes).toBeGreaterThan(before.file?.holeBytes ?? Number.POSITIVE_INFINITY);

    await web.api.setRetention({ params, body: { keepLast: 1, keepDays: null, graceMinutes: 60 } });
    expect(await web.api.collect({ params })).toMatchObject({ removedVersions: [2, 3], bytesFreed: 0 });
    const waiting = await web.api.getStorage({ params });
    expect(waiting).toMatchObject({
      versions: 2,
      waiting: { versions: 2, until: expect.stringMatching(/Z$/) },
    });
    expect(waiting.packs.waitingBytes).toBeGreaterThan(0);
    expect(waiting.packs.liveBytes + waiting.packs.waitingBytes).toBeLessThanOrEqual(before.packs.bytes);

    await web.api.setRetention({ params, body: { keepLast: 1, keepDays: null, graceMinutes: 0 } });
    const done = await web.api.collect({ params });
    expect(done.bytesFreed).toBeGreaterThan(0);
    const after = await web.api.getStorage({ params });
    expect(after.packs.bytes).toBe(done.bytesKept);
    expect(after.packs).toMatchObject({ waitingBytes: 0 });
    for (const version of [1, 4]) {
      const body = { sql: "SELECT count(DISTINCT a) AS n FROM t", version };
      expect((await web.api.queryJson(model, body)).rows).toEqual([[50_000]]);
    }
    expect((await auditOf(ModelId.parse(id))).map(({ action }) => action)).toContain("collect");
  });
});
