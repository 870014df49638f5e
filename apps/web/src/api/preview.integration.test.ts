import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applySql } from "../testing/apply-sql.ts";
import { startDispatcher } from "../testing/dispatcher.ts";
import { errorOf, jsonRequest } from "../testing/error-of.ts";
import { makeModel } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

const send = (model: string, body: unknown, init: RequestInit = {}) =>
  web.send(`/api/v1/models/${model}/intents:preview`, { ...jsonRequest(body), ...init });

async function recorded() {
  const { rows } = await web.pool.query(
    "SELECT (SELECT count(*) FROM intent) AS intents, (SELECT count(*) FROM audit) AS audit, (SELECT count(*) FROM upload) AS uploads",
  );
  return rows;
}

describe("without a manager", () => {
  test("what is no intent is refused as on submitting, and an intent is told that nobody can try it", async () => {
    const { name } = await makeModel(web);
    const before = await recorded();
    const wrong = [
      { function: "nothing", args: {} },
      { function: "sql", args: {} },
      { function: "delete", args: { table: "t", where: {} } },
      { function: "sql", args: { sql: "SELECT 1", more: 1 } },
      [{ function: "sql", args: { sql: "SELECT 1" } }],
    ];
    for (const body of wrong) {
      expect(await errorOf(await send(name, body))).toMatchObject({ status: 400, code: "invalid_arguments" });
    }
    const large = { function: "sql", args: { sql: `SELECT '${"x".repeat(130_000)}'` } };
    expect(await errorOf(await send(name, large))).toMatchObject({ status: 400, code: "invalid_arguments" });
    const coming = { function: "call", args: {} };
    expect(await errorOf(await send(name, coming))).toMatchObject({ status: 501, code: "not_available" });
    const upload = {
      function: "append",
      args: { table: "t", uploadId: "0198b5a0-0000-7000-8000-000000000001" },
    };
    expect(await errorOf(await send(name, upload))).toMatchObject({ status: 404, code: "upload_not_found" });
    const good = { function: "sql", args: { sql: "SELECT 1" } };
    expect(await errorOf(await send("nobody", good))).toMatchObject({ status: 404, code: "model_not_found" });
    expect(await errorOf(await send(name, good))).toMatchObject({ status: 503, code: "manager_unavailable" });
    expect(await recorded()).toEqual(before);
  });
});

describe("with a manager", () => {
  let stopDispatcher: () => Promise<void>;
  beforeAll(async () => {
    stopDispatcher = await startDispatcher(web);
  });
  afterAll(() => stopDispatcher?.());

  test("an intent is tried, its errors are in the answer, and nothing of it is recorded", async () => {
    const { name: model } = await makeModel(web);
    await applySql(web, model, "CREATE TABLE t AS SELECT range AS a, 'x' AS b FROM range(10)");
    const params = { model };
    const filename = "more.csv";
    const { uploadId } = await web.api.createUpload({ model, filename, file: new Blob(["a,b\n100,y\n"]) });
    const before = await recorded();

    const deleted = { function: "delete", args: { table: "t", where: { a: [1, 2] } } } as const;
    expect(await web.api.previewIntent({ params, body: { ...deleted, baseVersion: 1 } })).toMatchObject({
      baseVersion: 1,
      exact: true,
      tables: [
        { table: "t", change: "changed", rowsBefore: 10, rowsAfter: 8, removed: 2, matchedBy: "place" },
      ],
    });
    const imported = { function: "import", args: { table: "t", uploadId, mode: "append" } } as const;
    expect(await web.api.previewIntent({ params, body: imported })).toMatchObject({
      tables: [{ added: 1, sample: { rows: [{ change: "added", before: null, after: [100, "y"] }] } }],
    });
    const rows = Array.from({ length: 5_000 }, (_, index) => ({ a: index, b: "many rows" }));
    const appended = { function: "append", args: { table: "t", rows } } as const;
    expect(await web.api.previewIntent({ params, body: appended })).toMatchObject({
      tables: [{ added: 5_000 }],
    });
    const own = { sql: "INSERT INTO t SELECT a, 'again' FROM me.t", reads: { me: { model } } };
    expect(await web.api.previewIntent({ params, body: { function: "sql", args: own } })).toMatchObject({
      tables: [{ added: 10 }],
    });
    const bad = { function: "sql", args: { sql: "SELECT 1;\nSELECT nothing FROM t" } } as const;
    expect(await web.api.previewIntent({ params, body: bad })).toMatchObject({
      tables: [],
      error: { code: "sql_error", line: 2, column: 8 },
    });
    const stale = await send(model, { ...deleted, baseVersion: 9 });
    expect(await errorOf(stale)).toMatchObject({
      status: 409,
      code: "base_version_stale",
      details: { baseVersion: 9, currentVersion: 1 },
    });
    expect(await recorded()).toEqual(before);
  });

  test("one that its caller walks away from is ended, and makes room for the next", async () => {
    const { name: model } = await makeModel(web);
    const endless = {
      sql: "CREATE TABLE never AS SELECT count(*) AS n FROM range(1000000000000) t(i) WHERE i % 7 = 3",
    };
    const quick = { function: "sql", args: { sql: "CREATE TABLE t AS SELECT 1 AS a" } } as const;
    // The manager's start is not what is measured.
    await web.api.previewIntent({ params: { model }, body: quick });
    const gone = new AbortController();
    const asked = send(model, { function: "sql", args: endless }, { signal: gone.signal });
    const waiting = web.api.previewIntent({ params: { model }, body: quick });
    const isFirst = await Promise.race([
      waiting.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, 1_500, false)),
    ]);
    const start = performance.now();
    gone.abort();
    await expect(asked).rejects.toThrow();
    expect(await waiting).toMatchObject({ tables: [{ table: "t", change: "created" }] });
    // When the two changed places on their way, there was nothing to wait for.
    if (!isFirst) expect(performance.now() - start).toBeLessThan(10_000);
  });
});
