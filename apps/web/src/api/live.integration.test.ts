import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { NatsConnection } from "@nats-io/transport-node";
import { ModelId } from "@teatree/shared/contracts/ids";
import { connectNats } from "@teatree/shared/runtime/nats";
import { notifySubject } from "@teatree/shared/subjects";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type BrowserNats, browserNats } from "../testing/browser-nats.ts";
import { makeModel } from "../testing/fixtures.ts";
import { startTestWeb, TEST_TOKEN, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
let cookie: string;
let server: NatsConnection;
beforeAll(async () => {
  web = await startTestWeb();
  cookie = await signIn();
  server = await connectNats(web.servers.nats.url, "test");
  await vi.waitFor(async () => (await open()).close(), { timeout: 10_000 });
});
afterAll(async () => {
  await server.close();
  await web.stop();
});

async function signIn(): Promise<string> {
  const body = new URLSearchParams({ token: TEST_TOKEN });
  const response = await fetch(`${web.url}/session`, { method: "POST", body, redirect: "manual" });
  expect(response.status).toBe(303);
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

const open = (headers: Record<string, string> = { cookie }): Promise<BrowserNats> =>
  browserNats(`${web.url}/api/v1/nats`, { origin: web.url, ...headers });

describe("NATS for a page", () => {
  test("a signed-in page hears the notifications of a model, also of one made after it connected", async () => {
    const page = await open();
    await page.subscribe("teatree.notify.*");
    const model = await makeModel(web);
    server.publish(notifySubject(ModelId.parse(model.id)), "hello");
    await vi.waitFor(() => expect(page.messages).toContainEqual(expect.stringContaining(model.id)));
    page.close();
  });

  test.each([
    ">",
    "*",
    "teatree.>",
    "teatree.intents.*",
    "teatree.job.*",
    "teatree.dispatcher.ensure",
    "$SYS.>",
    "$JS.>",
    "$JS.API.CONSUMER.MSG.NEXT.TEATREE_INTENTS.x",
    "_INBOX.>",
  ])("it may not listen to %s", async (subject) => {
    const page = await open();
    await page.subscribe(subject);
    await vi.waitFor(() =>
      expect(page.errors).toContainEqual(expect.stringMatching(/permissions violation for subscription/i)),
    );
    page.close();
  });

  test.each([
    "teatree.intents.0190c7d2-0000-7000-8000-000000000000",
    "teatree.notify.0190c7d2-0000-7000-8000-000000000000",
    "teatree.dispatcher.ensure",
    "$JS.API.STREAM.DELETE.TEATREE_INTENTS",
    "$SYS.REQ.USER.AUTH",
    "anything",
  ])("it may not publish to %s", async (subject) => {
    const heard: string[] = [];
    const listening = subject.startsWith("$")
      ? undefined
      : server.subscribe(subject, {
          callback: (_error, message) => void heard.push(message.subject),
        });
    await server.flush();
    const page = await open();
    page.publish(subject, "forged");
    await vi.waitFor(() =>
      expect(page.errors).toContainEqual(expect.stringMatching(/permissions violation for publish/i)),
    );
    await server.flush();
    expect(heard).toEqual([]);
    listening?.unsubscribe();
    page.close();
  });
});

describe("an upgrade", () => {
  test.each([
    ["without a session", "/api/v1/nats", { cookie: "" }, 401],
    ["with a session that is none", "/api/v1/nats", { cookie: "teatree_session_1=forged" }, 401],
    ["from another site", "/api/v1/nats", { origin: "http://evil.example" }, 403],
    ["to another path", "/api/v1/models", {}, 404],
    ["to a page", "/", {}, 404],
  ])("%s is refused at once", async (_, path, headers: Record<string, string>, status) => {
    expect(await upgradeStatus(path, { origin: web.url, cookie, ...headers })).toBe(status);
  });

  test("without an Origin is refused: browsers always send one", async () => {
    expect(await upgradeStatus("/api/v1/nats", { cookie })).toBe(403);
  });

  test("that resets at once does not harm the server", async () => {
    const { hostname, port } = new URL(web.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(
      `GET /nope HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    socket.resetAndDestroy();
    expect((await fetch(`${web.url}/api/v1/openapi.json`)).status).toBe(200);
  });
});

async function upgradeStatus(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const outgoing = httpRequest(web.url + path, {
    headers: { connection: "Upgrade", upgrade: "websocket", ...headers },
  });
  outgoing.end();
  const [answer] = z
    .tuple([z.custom<IncomingMessage>()])
    .rest(z.unknown())
    .parse(await once(outgoing, "response"));
  answer.resume();
  return answer.statusCode;
}

describe("with NATS away", () => {
  test("a page is told to come again, and is let in when NATS is back", async () => {
    await web.servers.nats.crash();
    await vi.waitFor(
      async () => expect(await upgradeStatus("/api/v1/nats", { origin: web.url, cookie })).toBe(503),
      {
        timeout: 10_000,
      },
    );
    await web.servers.nats.restart();
    await vi.waitFor(async () => (await open()).close(), { timeout: 10_000, interval: 100 });
  });
});

describe("signing in", () => {
  test("the cookie cannot be read by scripts and does not travel from other sites", async () => {
    const body = new URLSearchParams({ token: TEST_TOKEN, next: "/models?x=1" });
    const response = await fetch(`${web.url}/session`, { method: "POST", body, redirect: "manual" });
    expect(response.headers.get("location")).toBe("/models?x=1");
    const header = response.headers.get("set-cookie") ?? "";
    for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/"]) expect(header).toContain(attribute);
    expect(header).not.toContain(TEST_TOKEN);
  });

  test.each(["//evil.example", "https://evil.example", "/\\evil.example"])(
    "never leads away to %s",
    async (next) => {
      const body = new URLSearchParams({ token: TEST_TOKEN, next });
      const response = await fetch(`${web.url}/session`, { method: "POST", body, redirect: "manual" });
      expect(response.headers.get("location")).toBe("/");
    },
  );

  test("a wrong token is told so, and opens nothing", async () => {
    const body = new URLSearchParams({ token: "wrong", next: '/"><script>' });
    const response = await fetch(`${web.url}/session`, { method: "POST", body, redirect: "manual" });
    expect([response.status, response.headers.get("set-cookie")]).toEqual([401, null]);
    const page = await response.text();
    expect(page).toContain("not the one of this server");
    expect(page).not.toContain("<script>");
  });

  test("a session opens the API, and is refused when it comes from another site's page", async () => {
    const me = (headers: Record<string, string>) =>
      fetch(`${web.url}/api/v1/me`, { headers: { cookie, ...headers } });
    expect((await me({})).status).toBe(200);
    expect((await me({ origin: "http://evil.example" })).status).toBe(403);
  });
});
