import { openPool } from "@teatree/shared/control-db/pool";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSessions } from "../server/access/sessions.ts";
import { errorOf } from "../testing/error-of.ts";
import { startTestWeb, TEST_TOKEN, type TestWeb } from "../testing/test-web.ts";
import { freePort } from "./free-port.ts";
import { buildWebServer } from "./web-server.ts";

let web: TestWeb;
let url: string;
let close: () => Promise<void>;
beforeAll(async () => {
  web = await startTestWeb();
  // Nobody listens there: what a control database that is away looks like.
  const pool = openPool("postgres://127.0.0.1:9/teatree", { applicationName: "test" });
  const port = await freePort();
  const sessions = createSessions({ db: pool, token: TEST_TOKEN, port });
  const pages = {
    render: async () => {
      throw new Error("no page without a session");
    },
    upgrade: () => false,
    close: async () => {},
  };
  const site = { pages, staticFiles: undefined };
  const app = await buildWebServer({ ...web.context, pool, sessions }, { host: "127.0.0.1", port, site });
  url = await app.listen({ host: "127.0.0.1", port });
  close = async () => {
    await app.close();
    await pool.end();
  };
});
afterAll(async () => {
  await close();
  await web.stop();
});

const authorization = `Bearer ${TEST_TOKEN}`;

test("with the control database away an answer says so, and that it may be tried again", async () => {
  const response = await fetch(`${url}/api/v1/models`, { headers: { authorization } });
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await errorOf(response)).toMatchObject({ status: 503, code: "unavailable" });
});

test("nothing is accepted that could not be recorded", async () => {
  const body = JSON.stringify({ function: "sql", args: { sql: "SELECT 1" } });
  const init = { method: "POST", body, headers: { authorization } };
  expect((await fetch(`${url}/api/v1/models/m/intents`, init)).status).toBe(503);
});

test("health names it within two seconds", async () => {
  const begun = performance.now();
  const response = await fetch(`${url}/api/v1/health`);
  expect(await response.json()).toMatchObject({ status: "down", parts: { postgres: "down" } });
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test("a person gets a page, not JSON", async () => {
  const [name] = [`teatree_session_${new URL(url).port}`];
  const headers = { accept: "text/html", cookie: `${name}=x` };
  const response = await fetch(`${url}/models`, { headers });
  expect(response.status).toBe(503);
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(await response.text()).toContain("not reachable right now");
});
