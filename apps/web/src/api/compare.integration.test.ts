import { randomUUID } from "node:crypto";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { errorOf } from "../testing/error-of.ts";
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
  await publishVersion(web, model, reader.url);
  return () => reader.stop();
});
afterAll(() => web.stop());

const compare = (range: string, query = "", headers: Record<string, string> = {}) =>
  web.send(`/api/v1/models/${model.name}/compare/${range}${query}`, { headers });

describe("a comparison of two versions", () => {
  test("tells the tables without asking the reader", async () => {
    const response = await compare("1...2");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      model: model.name,
      before: { version: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      after: { version: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      tables: [
        {
          name: "flights",
          change: "changed",
          rowsBefore: 10,
          rowsAfter: 20,
          schemaChanges: [],
          sameContent: false,
        },
      ],
    });
    expect(reader.compares).toEqual([]);
  });

  test("tells a table's rows page by page, and a cursor holds for its own list only", async () => {
    const params = { model: model.name, range: "1...2" };
    const first = await web.api.compareVersions({ params, query: { table: "flights", key: "a, a" } });
    expect(first).toMatchObject({ key: { how: "guessed" }, counts: { added: 2 }, rows: [{ after: [0] }] });
    const cursor = first.nextCursor ?? "";
    const second = await web.api.compareVersions({ params, query: { table: "flights", key: "a", cursor } });
    expect(second).toMatchObject({ rows: [{ after: [1] }], nextCursor: null });
    expect(reader.compares).toMatchObject([
      { table: "flights", key: ["a"], limit: 100, offset: 0, timeoutMs: 120_000 },
      { offset: 1 },
    ]);
    for (const query of [`?table=flights&cursor=${cursor}`, "?table=flights&cursor=nonsense"])
      expect(await errorOf(await compare("1...2", query))).toMatchObject({ code: "invalid_arguments" });
  });

  test("of a version with itself finds nothing, and nobody reads a row for that", async () => {
    const response = await compare("2...2", "?table=flights&key=*");
    expect(await response.json()).toMatchObject({
      tables: [{ change: "unchanged", sameContent: true }],
      counts: { added: 0, removed: 0, changed: 0, unchanged: 20 },
      rows: [],
      nextCursor: null,
    });
    expect(reader.compares).toEqual([]);
  });

  test("goes backwards, too", async () => {
    await compare("2...1", "?table=flights");
    expect(reader.compares).toMatchObject([
      { before: expect.stringContaining("/v2-"), after: expect.stringContaining("/v1-"), key: null },
    ]);
  });

  test("is not sent again to who has it", async () => {
    const etag = (await compare("1...2", "?table=flights")).headers.get("etag") ?? "";
    expect((await compare("1...2", "?table=flights", { "if-none-match": etag })).status).toBe(304);
    expect(reader.compares).toHaveLength(1);
    expect((await compare("1...2", "?table=flights&key=a", { "if-none-match": etag })).status).toBe(200);
  });

  test.each([
    ["1...9", "", "version_not_found"],
    ["1..2", "", "invalid_arguments"],
    ["latest...2", "", "invalid_arguments"],
    ["1...2", "?table=nope", "table_not_found"],
    ["1...2", "?table=flights&key=,", "invalid_arguments"],
    ["2...2", "?table=flights&key=nope", "invalid_arguments"],
    ["1...2", "?table=flights&limit=1001", "invalid_arguments"],
    ["1...2", "?table=flights&change=moved", "invalid_arguments"],
  ])("%s%s is %s", async (range, query, code) => {
    expect(await errorOf(await compare(range, query))).toMatchObject({ code });
  });

  test("passes the reader's refusal on", async () => {
    const error = new TeatreeError("invalid_arguments", "key: is not unique", { details: { duplicates: 5 } });
    reader.compared = (_compare, response) => response.writeHead(400).end(JSON.stringify(error.toBody()));
    expect(await errorOf(await compare("1...2", "?table=flights&key=a"))).toMatchObject({
      code: "invalid_arguments",
      details: { duplicates: 5 },
    });
  });

  test("tells how far it is and stops by the id its client chose", async () => {
    const query = randomUUID();
    reader.compared = () => undefined;
    const answer = compare("1...2", "?table=flights", { "teatree-query-id": query });
    await vi.waitFor(() => expect(reader.compares).toMatchObject([{ queryId: query }]));
    expect(await web.api.getQueryProgress({ params: { query: query as never } })).toEqual({
      running: true,
      progress: 0.25,
    });
    await web.send(`/api/v1/queries/${query}`, { method: "DELETE" });
    expect(reader.cancelled).toEqual([query]);
    await reader.stop();
    reader = await startFakeReader();
    expect((await answer).status).toBe(503);
    const after = await web.send(`/api/v1/queries/${query}`);
    expect(await after.json()).toEqual({ running: false, progress: null });
  });
});
