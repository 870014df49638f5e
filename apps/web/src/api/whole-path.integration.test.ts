import { createHash } from "node:crypto";
import type { SubmitIntent } from "@teatree/shared/contracts/intents";
import { LiveNotification } from "@teatree/shared/contracts/notifications";
import { Manifest } from "@teatree/shared/contracts/versions";
import { tableFromIPC } from "apache-arrow";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { z } from "zod";
import { ended } from "../testing/apply-sql.ts";
import { browserNats } from "../testing/browser-nats.ts";
import { startDispatcher } from "../testing/dispatcher.ts";
import { errorOf, jsonRequest } from "../testing/error-of.ts";
import { startTestWeb, TEST_TOKEN, type TestWeb } from "../testing/test-web.ts";

/** Web in this process, dispatcher, managers, writers and readers in theirs; nothing in it a stand-in. */
let web: TestWeb;
let stopDispatcher: () => Promise<void>;
beforeAll(async () => {
  web = await startTestWeb();
  stopDispatcher = await startDispatcher(web);
  await web.api.createModel({ body: { name: "shop" } });
});
afterAll(async () => {
  await stopDispatcher?.();
  await web.stop();
});

const run = async (intent: z.input<typeof SubmitIntent>, model = "shop") =>
  ended(web, (await web.api.submitIntent(model, intent)).jobId);
const sql = (text: string) => run({ function: "sql", args: { sql: text } });
const query = (body: object, accept = "application/json") =>
  web.send("/api/v1/models/shop/query", jsonRequest(body, { accept }));

describe("from a file to an answer", () => {
  test("a CSV that was uploaded is imported, and read back in every format", async () => {
    const csv = "id,name,price\n1,Tee ☕,2.50\n2,Ünïcödé,3.75\n";
    const { uploadId } = await web.api.createUpload({
      model: "shop",
      filename: "goods.csv",
      file: new Blob([csv]),
    });
    const job = await run({ function: "import", args: { table: "goods", uploadId, mode: "create" } });
    expect(job).toMatchObject({
      status: "applied",
      changes: [{ table: "goods", rowsBefore: null, rowsAfter: 2 }],
    });
    const text = { sql: "SELECT id, name, price FROM goods ORDER BY id", minVersion: job.version };
    expect((await (await query(text)).json()).rows).toMatchObject([
      [1, "Tee ☕", 2.5],
      [2, "Ünïcödé", 3.75],
    ]);
    const arrow = tableFromIPC(
      await (await query(text, "application/vnd.apache.arrow.stream")).arrayBuffer(),
    );
    expect(arrow.getChild("name")?.toArray()).toEqual(["Tee ☕", "Ünïcödé"]);
    expect(await (await query(text, "text/csv")).text()).toContain("Ünïcödé");
    const parquet = await (await query(text, "application/vnd.apache.parquet")).text();
    expect(parquet.startsWith("PAR1") && parquet.endsWith("PAR1")).toBe(true);
  });

  test("many inline rows arrive whole, and sending them again changes nothing", async () => {
    const rows = Array.from({ length: 5_000 }, (_, id) => ({
      id,
      text: `row ${id} ✓`,
      big: "9007199254740993",
    }));
    const intent = { id: uuidv7(), function: "append", args: { table: "many", rows } } as const;
    expect(await run(intent)).toMatchObject({ status: "applied" });
    const again = await web.send("/api/v1/models/shop/intents", jsonRequest(intent));
    expect([again.status, await again.json()]).toEqual([200, expect.objectContaining({ status: "applied" })]);
    const counted = await (
      await query({ sql: "SELECT count(*), count(DISTINCT text), min(big) FROM many" })
    ).json();
    expect(counted.rows).toMatchObject([[5_000, 5_000, "9007199254740993"]]);
  });

  test("a version downloads as the file that its hashes name", async () => {
    const latest = await web.api.getVersion({ params: { model: "shop", version: "latest" } });
    const path = `/api/v1/models/shop/versions/${latest.version}`;
    const bytes = Buffer.from(await (await web.send(`${path}/snapshot`)).arrayBuffer());
    expect(bytes.length).toBe(latest.bytes);
    const manifest = Manifest.parse(await (await web.send(`${path}/manifest`)).json());
    expect(manifest.header).toBe(sha256(bytes.subarray(0, 12_288)));
    const blocks = manifest.blocks.map((hash) => `${hash ?? "-"}\n`).join("");
    const head = `teatree-version-1\n${manifest.blockSize}\n${manifest.bytes}\n${manifest.header}\n`;
    expect(sha256(head + blocks)).toBe(latest.hash);
    await vi.waitFor(
      async () => {
        const version = await web.api.getVersion({ params: { model: "shop", version: latest.version } });
        expect(version).toMatchObject({ sha256: sha256(bytes), archived: true });
      },
      { timeout: 20_000, interval: 200 },
    );
    const { files } = await web.api.getArchive({ params: { model: "shop", version: latest.version } });
    for (const file of files) {
      const table = Buffer.from(await (await web.send(file.href)).arrayBuffer());
      expect(sha256(table)).toBe(file.sha256);
    }
    expect(files.length).toBe(latest.tables.length);
  });
});

describe("what goes wrong", () => {
  test("a failing statement says where, leaves the model as it was, and can be tried again", async () => {
    const before = await web.api.getModel({ params: { model: "shop" } });
    const job = await sql("CREATE TABLE x AS\nSELECT nothing FROM goods");
    expect(job).toMatchObject({
      status: "failed",
      version: null,
      error: { code: "sql_error", line: 2, column: 8 },
    });
    expect(await web.api.getModel({ params: { model: "shop" } })).toMatchObject({
      currentVersion: before.currentVersion,
    });
    const retry = await web.api.retryJob({ params: { job: job.id } });
    expect(await ended(web, retry.id)).toMatchObject({ status: "failed", retryOf: job.id });
  });

  test.each([
    [
      { sql: "SELECT\n  nothing FROM goods" },
      { status: 400, code: "sql_error", details: { line: 2, column: 3 } },
    ],
    [{ sql: "SELECT FROM WHERE" }, { status: 400, code: "sql_error" }],
    [{ sql: "DROP TABLE goods" }, { status: 403, code: "statement_not_allowed" }],
    [{ sql: "SELECT 1; SELECT 2" }, { status: 403, code: "statement_not_allowed" }],
    [{ sql: "SELECT * FROM _teatree.ledger" }, { status: 403, code: "statement_not_allowed" }],
    [
      { sql: "SELECT count(*) FROM range(10000000000) a WHERE (a.range * a.range) % 7 = 3", timeoutMs: 300 },
      { status: 408, code: "query_timeout" },
    ],
  ])("the query %j is answered with the error's own code", async (body, expected) => {
    expect(await errorOf(await query(body))).toMatchObject(expected);
  });

  test("a stale base version is the job's outcome, not the request's", async () => {
    const job = await run({ function: "sql", args: { sql: "DELETE FROM goods" }, baseVersion: 1 });
    expect(job).toMatchObject({ status: "failed", error: { code: "base_version_stale" } });
  });

  test("a running job is cancelled, and the next one runs", async () => {
    const { jobId } = await web.api.submitIntent("shop", {
      function: "sql",
      args: {
        sql: "CREATE TABLE long AS SELECT count(*) AS c FROM range(100000000000) a WHERE (a.range*7) % 11 = 3",
      },
    });
    await vi.waitFor(
      async () => expect((await web.api.getJob({ params: { job: jobId } })).status).toBe("running"),
      { timeout: 10_000, interval: 20 },
    );
    await web.api.cancelJob({ params: { job: jobId } });
    expect(await ended(web, jobId)).toMatchObject({ status: "cancelled", version: null });
    expect(await sql("CREATE TABLE after AS SELECT 1 AS a")).toMatchObject({ status: "applied" });
  });
});

describe("news", () => {
  test("a signed-in page hears over its WebSocket what an intent brought", async () => {
    const body = new URLSearchParams({ token: TEST_TOKEN });
    const signedIn = await fetch(`${web.url}/session`, { method: "POST", body, redirect: "manual" });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await browserNats(`${web.url}/api/v1/nats`, { origin: web.url, cookie });
    await page.subscribe("teatree.notify.*");
    const job = await sql("CREATE TABLE news AS SELECT 1 AS a; SELECT a FROM news");
    await vi.waitFor(() => expect(page.payloads.map(jobOf)).toContain(job.id), { timeout: 10_000 });
    const heard = LiveNotification.parse(
      JSON.parse(page.payloads.find((text) => jobOf(text) === job.id) ?? ""),
    );
    expect(heard).toMatchObject({
      model: "shop",
      version: job.version,
      kind: "applied",
      result: { rows: [[1]] },
    });
    const { items } = await web.api.listNotifications({ query: { model: "shop", after: heard.seq - 1 } });
    expect(items[0]).toMatchObject({ id: heard.id, seq: heard.seq });
    page.close();
  });
});

describe("across models", () => {
  test("a query and an intent read a published version of another model", async () => {
    await web.api.createModel({ body: { name: "air" } });
    const create = "CREATE TABLE ports AS SELECT 7 AS code";
    expect(await run({ function: "sql", args: { sql: create } }, "air")).toMatchObject({ status: "applied" });
    const reads = { air: { model: "air" } };
    const answer = await (await query({ sql: "SELECT code FROM air.ports", reads })).json();
    expect(answer.rows).toEqual([[7]]);
    const job = await run({
      function: "sql",
      args: { sql: "CREATE TABLE mine AS SELECT * FROM air.ports", reads },
    });
    expect(job).toMatchObject({ status: "applied" });
  });
});

const jobOf = (text: string) => LiveNotification.parse(JSON.parse(text)).jobId;
const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
