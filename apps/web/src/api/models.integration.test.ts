import { afterAll, beforeAll, expect, test } from "vitest";
import { errorOf, jsonRequest } from "../testing/error-of.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

test("a model is created empty, and found by id and by name", async () => {
  const created = await web.api.createModel({ body: { name: "flights", description: "Ünïcödé ✈" } });
  expect(created).toMatchObject({
    name: "flights",
    description: "Ünïcödé ✈",
    currentVersion: 0,
    tables: [],
    sizeBytes: 0,
  });
  expect(await web.api.getModel({ params: { model: created.id } })).toEqual(created);
  expect(await web.api.getModel({ params: { model: "flights" } })).toEqual(created);
});

test("a taken name is refused", async () => {
  const model = await makeModel(web);
  const response = await web.send("/api/v1/models", jsonRequest({ name: model.name }));
  expect(await errorOf(response)).toMatchObject({ status: 409, code: "model_exists" });
});

test.each([
  [{ name: "Flights" }, "name"],
  [{ name: "9lives" }, "name"],
  [{ name: "x".repeat(64) }, "name"],
  [{}, "name"],
  [{ name: "ok", extra: 1 }, "extra"],
  [{ name: "ok", description: 7 }, "description"],
])("creating a model with %j is refused naming %s", async (body, path) => {
  const error = await errorOf(await web.send("/api/v1/models", jsonRequest(body)));
  expect(error).toMatchObject({ status: 400, code: "invalid_arguments" });
  expect(error.message.startsWith(`${path}: `)).toBe(true);
  expect(error.details).toMatchObject({ issues: [{ path }] });
});

test("a body that is not JSON is told apart from one with wrong fields", async () => {
  const broken = await web.send("/api/v1/models", { method: "POST", body: '{"name": ' });
  expect(await errorOf(broken)).toMatchObject({ status: 400, code: "invalid_json" });
  const empty = await web.send("/api/v1/models", { method: "POST" });
  expect(await errorOf(empty)).toMatchObject({ status: 400, code: "invalid_arguments" });
});

test("an unknown model is 404", async () => {
  expect(await errorOf(await web.send("/api/v1/models/nobody"))).toMatchObject({
    status: 404,
    code: "model_not_found",
  });
});

test("lists go on at the cursor, and a foreign cursor is refused", async () => {
  for (const name of ["page-a", "page-b", "page-c"]) await web.api.createModel({ body: { name } });
  const all = await web.api.listModels({ query: { limit: 1000 } });
  const first = await web.api.listModels({ query: { limit: 2 } });
  expect(first.items).toEqual(all.items.slice(0, 2));
  const second = await web.api.listModels({ query: { limit: 2, cursor: first.nextCursor ?? "" } });
  expect(second.items).toEqual(all.items.slice(2, 4));
  expect(all.nextCursor).toBeNull();
  expect(await errorOf(await web.send("/api/v1/models?cursor=nonsense"))).toMatchObject({
    status: 400,
    code: "invalid_arguments",
  });
});

test("a model shows the tables and size of its current version", async () => {
  const model = await makeModel(web);
  const { bytes } = await publishVersion(web, model);
  expect(await web.api.getModel({ params: { model: model.name } })).toMatchObject({
    currentVersion: 1,
    sizeBytes: bytes.length,
    tables: [
      { name: "flights", rows: 10, behind: false, columns: [{ name: "a", type: "BIGINT", nullable: true }] },
    ],
  });
});

test("who asks is told, and health names the part that is down", async () => {
  expect(await web.api.getMe()).toMatchObject({ mode: "local", initials: "LA" });
  const health = await fetch(`${web.url}/api/v1/health`);
  expect(health.status).toBe(503);
  expect(await health.json()).toEqual({
    status: "down",
    parts: { postgres: "ok", nats: "ok", objectStore: "ok", dispatcher: "down" },
  });
});
