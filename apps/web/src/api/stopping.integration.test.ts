import { afterEach, expect, test } from "vitest";
import { jsonRequest } from "../testing/error-of.ts";
import { startFakeReader } from "../testing/fake-reader.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
afterEach(() => web.stop());

test("stopping ends event streams, lets a running query finish, and takes no longer than that", async () => {
  web = await startTestWeb();
  const reader = await startFakeReader();
  const model = await makeModel(web);
  await publishVersion(web, model, reader.url);
  const { jobId } = await web.api.submitIntent(model.name, { function: "sql", args: { sql: "SELECT 1" } });
  const stream = await web.send(`/api/v1/jobs/${jobId}/events`);
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
  await reader.stop();
});
