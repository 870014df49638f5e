import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pages } from "../server/site/pages.ts";
import { openStaticFiles } from "../server/site/static-files.ts";
import { startTestWeb, TEST_TOKEN, type TestWeb } from "../testing/test-web.ts";
import { freePort } from "./free-port.ts";
import { buildWebServer } from "./web-server.ts";

const script = `console.log(${"1 + ".repeat(500)}1)`;
const pages: Pages = {
  render: async (request, response) => void response.end(`page ${request.url}`),
  upgrade: () => false,
  close: async () => {},
};

let web: TestWeb;
let app: FastifyInstance;
let url: string;
beforeAll(async () => {
  web = await startTestWeb();
  const folder = join(web.servers.home, "static");
  await mkdir(join(folder, "chunks"), { recursive: true });
  await writeFile(join(folder, "chunks", "a b.js"), script);
  await writeFile(join(folder, "chunks", "a b.js.br"), brotliCompressSync(script));
  await writeFile(join(web.servers.home, "secret.js"), "secret");
  const port = await freePort();
  const site = { pages, staticFiles: await openStaticFiles(folder) };
  app = await buildWebServer(web.context, { host: "127.0.0.1", port, site });
  url = await app.listen({ host: "127.0.0.1", port });
});
afterAll(async () => {
  await app.close();
  await web.stop();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(url + path, { headers, redirect: "manual" });

describe("pages", () => {
  test("the link with the token signs in and leads to the same page without it", async () => {
    const response = await get(`/models/flights?tab=a&token=${TEST_TOKEN}`);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/models/flights?tab=a");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(await (await get("/models/flights?tab=a", { cookie })).text()).toBe("page /models/flights?tab=a");
  });

  test("a wrong token is told so, and opens nothing", async () => {
    const response = await get("/?token=wrong");
    expect([response.status, response.headers.get("set-cookie")]).toEqual([401, null]);
    expect(await response.text()).toContain("not the one of this server");
  });

  test("a stranger is shown how to sign in, on a page that runs no script", async () => {
    const response = await get("/models/flights");
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(text).toContain('value="/models/flights"');
    expect(text).not.toContain("<script");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("the icon is there for strangers, too", async () => {
    expect((await get("/icon.svg")).status).toBe(200);
    const asked = await get("/favicon.ico");
    expect([asked.status, asked.headers.get("location")]).toEqual([308, "/icon.svg"]);
  });

  test("every route says what it asks of its caller", () => {
    expect(app.teatreeRoutes.map(({ url: route }) => route)).toContain("/*");
    for (const { action, method, url: route } of app.teatreeRoutes) {
      expect(action, `${method} ${route} has no action`).toBeDefined();
    }
  });
});

describe("static files", () => {
  const path = "/_next/static/chunks/a%20b.js";

  test("come compressed as they lie there, and for ever", async () => {
    const response = await get(path, { "accept-encoding": "gzip, br" });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    expect(await response.text()).toBe(script);
  });

  test.each(["gzip", "identity", "br;q=0", "brotli"])(
    "come plain for whoever takes %s only",
    async (encoding) => {
      const response = await get(path, { "accept-encoding": encoding });
      expect(response.headers.get("content-encoding")).toBeNull();
      expect(response.headers.get("content-length")).toBe(String(script.length));
    },
  );

  test.each([
    "/_next/static/../secret.js",
    "/_next/static/..%2fsecret.js",
    "/_next/static/%2e%2e/secret.js",
    "/_next/static/none.js",
  ])("%s is not one of them", async (wrong) => {
    const response = await get(wrong);
    expect([401, 404]).toContain(response.status);
    expect(await response.text()).not.toContain("secret\n");
  });
});
