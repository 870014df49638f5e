import { afterEach, expect, test, vi } from "vitest";
import { browserNats } from "../testing/browser-nats.ts";
import { jsonRequest } from "../testing/error-of.ts";
import { startFakeReader } from "../testing/fake-reader.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, TEST_TOKEN, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
afterEach(() => web.stop());

async function openPage({ url }: TestWeb) {
  const body = new URLSearchParams({ token: TEST_TOKEN });
  const signedIn = await fetch(`${url}/session`, { method: "POST", body, redirect: "manual" });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  return browserNats(`${url}/api/v1/nats`, { origin: url, cookie });
}

test("stopping ends event streams and WebSockets, lets a running query finish, and takes no longer than that", async () => {
  web = await startTestWeb();
  const reader = await startFakeReader();
  const model = await makeModel(web);
  await publishVersion(web, model, reader.url);
  const { jobId } = await web.api.submitIntent(model.name, { function: "sql", args: { sql: "SELECT 1" } });
  const stream = await web.send(`/api/v1/jobs/${jobId}/events`);
  const page = await vi.waitFor(() => openPage(web), { timeout: 10_000 });
  let finishQuery = () => {};
  reader.answer = (_query, response) => {
    response.writeHead(200, { "content-length": "8" }).write("half");
    finishQuery = () => void response.end("half");
  };
  const query = await web.send(`/api/v1/models/${model.name}/query`, jsonRequest({ sql: "SELECT 1" }));
  const begun = performance.now();
  const stopped = web.shutdown.run("test");
  const events = await stream.text();
  expect(events).toContain("event: state");
  expect(events).not.toContain("event: end");
  finishQuery();
  expect(await query.text()).toBe("halfhalf");
  await stopped;
  expect(performance.now() - begun).toBeLessThan(3_000);
  await expect(fetch(`${web.url}/api/v1/openapi.json`)).rejects.toThrow();
  await expect(page.subscribe("teatree.notify.*")).rejects.toThrow("closed");
  await reader.stop();
});
