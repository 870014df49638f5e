import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { Upload } from "@teatree/shared/contracts/uploads";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { errorOf } from "../testing/error-of.ts";
import { makeModel } from "../testing/fixtures.ts";
import { startTestWeb, TEST_TOKEN, TEST_UPLOAD_LIMIT_BYTES, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
let model: string;
beforeAll(async () => {
  web = await startTestWeb();
  model = (await makeModel(web)).name;
});
afterAll(() => web.stop());

const csv = "a,b\n1,ünïcödé\n";
const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const path = (filename: string) => `/api/v1/models/${model}/uploads?filename=${encodeURIComponent(filename)}`;
const upload = (filename: string, body: BodyInit) => web.send(path(filename), { method: "POST", body });

async function storedObjects(): Promise<string[]> {
  const entries = await readdir(join(web.servers.home, "objects"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

test("a raw body is stored with its length and hash", async () => {
  const response = await upload("ünïcödé file.csv", csv);
  expect(response.status).toBe(201);
  const stored = Upload.parse(await response.json());
  expect(stored).toMatchObject({
    filename: "ünïcödé file.csv",
    bytes: Buffer.byteLength(csv),
    sha256: sha256(csv),
  });
  expect(await storedObjects()).toContain(stored.uploadId);
});

test("the typed client uploads a blob", async () => {
  const stored = await web.api.createUpload({ model, filename: "a.ndjson", file: new Blob(['{"a":1}\n']) });
  expect(stored).toMatchObject({ filename: "a.ndjson", bytes: 8 });
});

test("a form's file is stored under its own name", async () => {
  const form = new FormData();
  form.set("note", "before the file");
  form.set("file", new File([csv], "form.csv"));
  const response = await web.send(`/api/v1/models/${model}/uploads`, { method: "POST", body: form });
  expect(await response.json()).toMatchObject({ filename: "form.csv", sha256: sha256(csv) });
});

test("a body of a length nobody declared is stored", async () => {
  const chunks = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const line of csv) controller.enqueue(new TextEncoder().encode(line));
      controller.close();
    },
  });
  const init: RequestInit & { duplex: "half" } = { method: "POST", body: chunks, duplex: "half" };
  const response = await web.send(path("stream.csv"), init);
  expect(await response.json()).toMatchObject({ sha256: sha256(csv) });
});

test("an empty file is stored", async () => {
  const response = await upload("empty.csv", "");
  expect(await response.json()).toMatchObject({ bytes: 0 });
});

test.each([
  ["notes.pdf", csv, "unsupported_file", 415],
  ["no-ending", csv, "unsupported_file", 415],
  ["renamed.parquet", csv, "unsupported_file", 415],
  ["renamed.csv", "PK\u0003\u0004 a spreadsheet", "unsupported_file", 415],
  ["", csv, "invalid_arguments", 400],
])("%j is refused", async (filename, body, code, status) => {
  expect(await errorOf(await upload(filename, body))).toMatchObject({ code, status });
});

test("a file over the limit is refused, whether its length is declared or not, and nothing of it stays", async () => {
  const before = await storedObjects();
  const large = randomBytes(TEST_UPLOAD_LIMIT_BYTES + 1);
  expect(await errorOf(await upload("a.csv", large))).toMatchObject({
    code: "upload_too_large",
    status: 413,
  });
  const form = new FormData();
  form.set("file", new File([large], "large.csv"));
  const response = await web.send(`/api/v1/models/${model}/uploads`, { method: "POST", body: form });
  expect(await errorOf(response)).toMatchObject({ code: "upload_too_large", status: 413 });
  await vi.waitFor(async () => expect(await storedObjects()).toEqual(before));
});

test("a file of just the limit is taken", async () => {
  const response = await upload("a.csv", Buffer.alloc(TEST_UPLOAD_LIMIT_BYTES, "a"));
  expect(response.status).toBe(201);
});

test.each(["raw", "multipart"])("a %s upload that breaks off leaves nothing behind", async (kind) => {
  const before = await storedObjects();
  const { hostname, port } = new URL(web.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const type = kind === "raw" ? "application/octet-stream" : "multipart/form-data; boundary=xyz";
  const begin =
    kind === "raw" ? "" : '--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
  socket.write(
    `POST ${path("a.csv")} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${TEST_TOKEN}\r\nContent-Type: ${type}\r\nContent-Length: 100000\r\n\r\n${begin}${"a,b\n".repeat(5_000)}`,
  );
  await vi.waitFor(async () => expect((await storedObjects()).length).toBeGreaterThan(before.length));
  socket.destroy();
  await vi.waitFor(async () => expect(await storedObjects()).toEqual(before), { timeout: 5_000 });
});

test.each([
  ["no form", "multipart/form-data; boundary=zzz"],
  ["no boundary", "multipart/form-data"],
])("a form with %s is refused", async (_, type) => {
  const response = await web.send(path("a.csv"), {
    method: "POST",
    body: "garbage",
    headers: { "content-type": type },
  });
  expect(await errorOf(response)).toMatchObject({ code: "invalid_arguments", status: 400 });
});

test("a body that ends early is told so in the error shape", async () => {
  const { hostname, port } = new URL(web.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.end(
    `POST ${path("a.csv")} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${TEST_TOKEN}\r\nContent-Length: 1000\r\n\r\na,b\n`,
  );
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('{"error":{"code":"upload_incomplete"');
});

test("a name or a path with a NUL is refused", async () => {
  expect(await errorOf(await upload("a\0b.csv", csv))).toMatchObject({ code: "invalid_arguments" });
  expect(await errorOf(await web.send("/api/v1/models/%00"))).toMatchObject({ code: "invalid_arguments" });
});

test("an unknown model takes no file", async () => {
  const response = await web.send("/api/v1/models/nobody/uploads?filename=a.csv", {
    method: "POST",
    body: csv,
  });
  expect(await errorOf(response)).toMatchObject({ code: "model_not_found" });
});
