import { COMING_PATHS, ENDPOINTS } from "@teatree/shared/contracts/endpoints";
import { ErrorBody } from "@teatree/shared/contracts/errors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

const endpoints = Object.values(ENDPOINTS);
const filled = (path: string) => `/api/v1${path.replace(/\{\w+\}/g, "x")}`;

describe("every route", () => {
  test("the server has no route that was not made with an action", () => {
    for (const { method, url, action } of web.app.teatreeRoutes) {
      expect(action, `${method} ${url} has no action`).toBeDefined();
    }
    expect(web.app.teatreeRoutes.length).toBeGreaterThan(endpoints.length);
  });

  test.each(endpoints.filter(({ action }) => action !== "open"))(
    "a stranger is refused at $method $path",
    async ({ method, path }) => {
      const response = await fetch(web.url + filled(path), { method });
      expect(response.status).toBe(401);
      expect(ErrorBody.parse(await response.json()).error.code).toBe("unauthenticated");
    },
  );

  test("a wrong token is refused", async () => {
    const response = await fetch(`${web.url}/api/v1/me`, { headers: { authorization: "Bearer wrong" } });
    expect(response.status).toBe(401);
  });
});

describe("what is not there", () => {
  test.each(COMING_PATHS)("$method $path answers that it is not available yet", async ({ method, path }) => {
    const response = await web.send(filled(path), { method });
    expect(response.status).toBe(501);
    expect(ErrorBody.parse(await response.json()).error.code).toBe("not_available");
  });

  test.each(["/api/v1/nothing", "/api/v1/models/x/nothing", "/api/v2/models"])(
    "%s answers not_found",
    async (path) => {
      const response = await web.send(path);
      expect(response.status).toBe(404);
      expect(ErrorBody.parse(await response.json()).error.code).toBe("not_found");
    },
  );

  test("an address that cannot be decoded has the error shape", async () => {
    const response = await web.send("/api/v1/models/%ff");
    expect(response.status).toBe(400);
    expect(ErrorBody.parse(await response.json()).error.code).toBe("invalid_arguments");
  });
});

describe("OpenAPI", () => {
  const Operation = z.object({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) });
  const Document = z.object({
    openapi: z.literal("3.1.0"),
    info: z.object({ title: z.string(), version: z.string() }),
    paths: z.record(z.string(), z.record(z.string(), Operation)),
    components: z.object({ schemas: z.record(z.string(), z.unknown()).optional() }),
  });

  test("lists exactly the table of endpoints, each with its answers", async () => {
    const document = Document.parse(await (await fetch(`${web.url}/api/v1/openapi.json`)).json());
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { operationId }]) => `${operationId}: ${method} ${path}`),
    );
    const table = Object.entries(ENDPOINTS).map(
      ([name, { method, path }]) => `${name}: ${method.toLowerCase()} ${path}`,
    );
    expect(listed.toSorted()).toEqual(table.toSorted());
  });

  test("has a target for every reference", async () => {
    const text = await (await fetch(`${web.url}/api/v1/openapi.json`)).text();
    const document: unknown = JSON.parse(text);
    const references = [...text.matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, reference = ""]) => reference);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) expect(resolvePointer(document, reference)).toBeDefined();
  });
});

function resolvePointer(document: unknown, reference: string): unknown {
  const parts = reference.slice(2).split("/");
  return parts.reduce<unknown>((at, part) => z.record(z.string(), z.unknown()).parse(at)[part], document);
}

describe("the site", () => {
  test.each([
    ["a foreign Host", { host: "evil.example" }],
    ["a foreign Origin", { origin: "http://evil.example" }],
    ["a null Origin", { origin: "null" }],
  ])("%s is refused", async (_, headers) => {
    const status = await statusWithHeaders(`${web.url}/api/v1/models`, headers);
    expect(status).toBe(403);
  });

  test("its own Origin is let in", async () => {
    const response = await web.send("/api/v1/models", { headers: { origin: web.url } });
    expect(response.status).toBe(200);
  });
});

// fetch sets Host by itself.
async function statusWithHeaders(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
