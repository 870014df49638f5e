import { TeatreeError } from "@teatree/shared/contracts/errors";
import { connectNats } from "@teatree/shared/runtime/nats";
import { ENSURE_MANAGER_SUBJECT } from "@teatree/shared/subjects";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { errorOf, jsonRequest } from "../testing/error-of.ts";
import { type FakeReader, startFakeReader } from "../testing/fake-reader.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
let reader: FakeReader;
let model: { id: string; name: string };
beforeAll(async () => {
  web = await startTestWeb();
});
beforeEach(async () => {
  reader = await startFakeReader();
  model = await makeModel(web);
  await publishVersion(web, model, reader.url);
  return () => reader.stop();
});
afterAll(() => web.stop());

const query = (body: object, headers: Record<string, string> = {}, name = model.name, signal?: AbortSignal) =>
  web.send(`/api/v1/models/${name}/query`, { ...jsonRequest(body, headers), signal });
const sql = "SELECT 1";

describe("a query", () => {
  test("goes to the model's reader with its version fixed, and its answer comes back with headers", async () => {
    const response = await query({ sql, params: { a: 1 }, limit: 5 }, { accept: "application/json" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ version: 1, rows: [[1]] });
    expect(reader.queries).toMatchObject([
      { sql, params: { a: 1 }, limit: 5, version: 1, timeoutMs: 30_000 },
    ]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/json",
      "teatree-version": "1",
      "teatree-row-count": "1",
      "teatree-query-id": reader.queries[0]?.queryId,
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    });
  });

  test.each([
    [undefined, "application/vnd.apache.arrow.stream"],
    ["*/*", "application/vnd.apache.arrow.stream"],
    ["text/csv", "text/csv"],
    ["text/html, application/json;q=0.9, text/csv;q=0.5", "application/json"],
    ["application/vnd.apache.parquet", "application/vnd.apache.parquet"],
  ])("Accept %s gives %s", async (accept, type) => {
    const response = await query({ sql }, accept === undefined ? {} : { accept });
    expect(response.headers.get("content-type")).toBe(type);
  });

  test("a type that nobody can make is refused", async () => {
    expect(await errorOf(await query({ sql }, { accept: "image/png" }))).toMatchObject({
      code: "not_acceptable",
    });
  });

  test("an equal query on an equal version is answered without the reader", async () => {
    const accept = { accept: "application/json" };
    const etag = (await query({ sql }, accept)).headers.get("etag") ?? "";
    const again = await query({ sql }, { ...accept, "if-none-match": etag });
    expect(again.status).toBe(304);
    expect(reader.queries).toHaveLength(1);
    const others = await Promise.all([
      query({ sql, params: [1] }, accept),
      query({ sql, limit: 1 }, accept),
      query({ sql: "SELECT 2" }, accept),
      query({ sql }, { accept: "text/csv" }),
    ]);
    for (const other of others) expect(other.headers.get("etag")).not.toBe(etag);
    await publishVersion(web, model, reader.url);
    expect((await query({ sql }, { ...accept, "if-none-match": etag })).status).toBe(200);
  });

  test("the reader's own error comes through", async () => {
    const error = new TeatreeError("sql_error", "no such table", { details: { line: 2, column: 8 } });
    reader.answer = (_query, response) => response.writeHead(400).end(JSON.stringify(error.toBody()));
    expect(await errorOf(await query({ sql }))).toMatchObject({
      status: 400,
      code: "sql_error",
      details: { line: 2, column: 8 },
    });
  });

  test.each([
    [{ sql: "" }, "sql"],
    [{ sql, version: 0 }, "version"],
    [{ sql, limit: -1 }, "limit"],
    [{ sql, timeoutMs: 700_000 }, "timeoutMs"],
    [{ sql, extra: 1 }, "extra"],
    [{ sql, reads: { "Bad Name": { model: "x" } } }, "reads.Bad Name"],
  ])("%j is refused naming %s", async (body, path) => {
    const error = await errorOf(await query(body));
    expect(error).toMatchObject({ status: 400, code: "invalid_arguments", details: { issues: [{ path }] } });
  });
});

describe("versions of a query", () => {
  test("one that does not exist is 404, and so is any of an empty model", async () => {
    expect(await errorOf(await query({ sql, version: 9 }))).toMatchObject({
      status: 404,
      code: "version_not_found",
    });
    const empty = await makeModel(web);
    expect(await errorOf(await query({ sql }, {}, empty.name))).toMatchObject({ code: "version_not_found" });
  });

  test("minVersion waits for the version that is on its way", async () => {
    const waiting = query({ sql, minVersion: 2 }, { accept: "application/json" });
    await publishVersion(web, model, reader.url);
    expect((await waiting).headers.get("teatree-version")).toBe("2");
  });

  test("minVersion gives up after the timeout", async () => {
    const error = await errorOf(await query({ sql, minVersion: 9, timeoutMs: 50 }));
    expect(error).toMatchObject({ status: 409, code: "version_not_ready", details: { currentVersion: 1 } });
  });

  test("reads of other models are resolved to versions and files", async () => {
    const other = await makeModel(web);
    const { file } = await publishVersion(web, other);
    const reads = { air: { model: other.name } };
    await query({ sql, reads });
    expect(reader.queries[0]?.reads).toEqual({ air: { modelId: other.id, version: 1, file } });
    expect(await errorOf(await query({ sql, reads: { air: { model: "nobody" } } }))).toMatchObject({
      code: "model_not_found",
    });
  });
});

describe("stopping", () => {
  const never = (
    _query: unknown,
    response: { writeHead: (status: number) => { write: (text: string) => void } },
  ) => {
    response.writeHead(200).write("first bytes");
  };

  test("a client that goes away ends the query at the reader", async () => {
    reader.answer = never;
    const controller = new AbortController();
    const response = await query({ sql }, {}, model.name, controller.signal);
    expect(response.status).toBe(200);
    controller.abort();
    await vi.waitFor(() => expect(reader.gone).toBe(1));
  });

  test("a running query is stopped by its id; afterwards it is not known", async () => {
    reader.answer = never;
    const controller = new AbortController();
    const response = await query({ sql }, {}, model.name, controller.signal);
    const id = response.headers.get("teatree-query-id") ?? "";
    const path = `/api/v1/queries/${id}`;
    expect((await web.send(path, { method: "DELETE" })).status).toBe(202);
    expect(reader.cancelled).toEqual([id]);
    controller.abort();
    await vi.waitFor(async () => {
      expect(await errorOf(await web.send(path, { method: "DELETE" }))).toMatchObject({
        code: "query_not_found",
      });
    });
  });

  test("a client may choose the id, so that it can stop the query before there is an answer", async () => {
    const held = Promise.withResolvers<void>();
    reader.answer = () => held.resolve();
    const controller = new AbortController();
    const id = "0190C7D2-0000-7000-8000-000000000001";
    const headers = { "teatree-query-id": id };
    const waiting = query({ sql }, headers, model.name, controller.signal).catch(() => undefined);
    await held.promise;
    expect((await web.send(`/api/v1/queries/${id}`, { method: "DELETE" })).status).toBe(202);
    expect(reader.cancelled).toEqual([id.toLowerCase()]);
    expect(await errorOf(await query({ sql }, headers))).toMatchObject({ code: "invalid_arguments" });
    controller.abort();
    await waiting;
    expect(await errorOf(await query({ sql }, { "teatree-query-id": "x" }))).toMatchObject({
      code: "invalid_arguments",
    });
  });

  test("an answer that breaks off breaks off for the client too, rather than end as if whole", async () => {
    reader.answer = (_query, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("some");
      response.socket?.destroySoon();
    };
    const response = await query({ sql });
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

describe("a reader that is away", () => {
  test("is found anew through the dispatcher, once", async () => {
    const connection = await connectNats(web.servers.nats.url, "test-dispatcher");
    const asked: unknown[] = [];
    connection.subscribe(ENSURE_MANAGER_SUBJECT, {
      callback: (_error, message) => {
        asked.push(message.json());
        message.respond(JSON.stringify({ managerUrl: reader.url, readerUrl: reader.url }));
      },
    });
    await connection.flush();
    const sleeping = await makeModel(web);
    await publishVersion(web, sleeping, "http://127.0.0.1:9");
    expect((await query({ sql }, {}, sleeping.name)).status).toBe(200);
    expect(asked).toEqual([{ modelId: sleeping.id }]);
    await web.pool.query("UPDATE goal_model SET lease_expires_at = now() WHERE id = $1", [model.id]);
    expect((await query({ sql }, {}, model.name)).status).toBe(200);
    expect(asked).toHaveLength(2);
    await connection.close();
  });

  test("is waited for while it is replaced, also when it ended under the query", async () => {
    const { answer } = reader;
    reader.answer = (_query, response) => {
      reader.answer = answer;
      response.destroy();
    };
    expect((await query({ sql }, { accept: "application/json" })).status).toBe(200);
    expect(reader.queries).toHaveLength(2);
  });

  test("and cannot be found is a clear error that may be tried again", async () => {
    const sleeping = await makeModel(web);
    await publishVersion(web, sleeping, "http://127.0.0.1:9");
    const response = await query({ sql }, {}, sleeping.name);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await errorOf(response)).toMatchObject({ status: 503, code: "manager_unavailable" });
  });
});
