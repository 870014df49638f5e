import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { callJson } from "./http-json.ts";

async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}/path`, close };
}

const Answer = z.object({ got: z.string() });

test("body, token and trace are sent, and the answer is parsed", async () => {
  const server = await serve((request, response) => {
    request.setEncoding("utf8").on("data", (body) => {
      const { method, headers } = request;
      response.end(
        JSON.stringify({ got: [method, headers.authorization, headers.traceparent, body].join() }),
      );
    });
  });
  const answer = await callJson(server.url, {
    method: "POST",
    token: "t",
    traceparent: "trace",
    body: { ü: 1 },
    schema: Answer,
  });
  expect(answer).toEqual({ got: 'POST,Bearer t,trace,{"ü":1}' });
});

test("an error that the callee explains is thrown as it was meant", async () => {
  const server = await serve((_request, response) => {
    response.writeHead(409).end('{"error":{"code":"version_not_ready","message":"soon","details":{"n":3}}}');
  });
  await expect(callJson(server.url, { schema: Answer })).rejects.toMatchObject({
    code: "version_not_ready",
    message: "soon",
    details: { n: 3 },
  });
});

test("an answer of another shape is an internal error", async () => {
  const server = await serve((_request, response) => void response.end('{"other":1}'));
  await expect(callJson(server.url, { schema: Answer })).rejects.toMatchObject({ code: "internal" });
});

test("a callee that hangs up is unavailable", async () => {
  const server = await serve((request) => void request.socket.destroy());
  await expect(callJson(server.url, { schema: Answer })).rejects.toMatchObject({
    code: "unavailable",
    details: { reason: "ECONNRESET" },
  });
});

test("nobody there is unavailable, and says that it was refused", async () => {
  const server = await serve(() => {});
  await server.close();
  await expect(callJson(server.url, { schema: Answer })).rejects.toMatchObject({
    code: "unavailable",
    details: { reason: "ECONNREFUSED" },
  });
});

test("silence ends with the time limit, and giving up with cancelled", async () => {
  const server = await serve(() => {});
  await expect(callJson(server.url, { schema: Answer, timeoutMs: 20 })).rejects.toMatchObject({
    code: "unavailable",
    details: { reason: "timeout" },
  });
  const signal = AbortSignal.abort();
  await expect(callJson(server.url, { schema: Answer, signal })).rejects.toMatchObject({ code: "cancelled" });
});

test("an answer that breaks off in the middle is unavailable", async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write('{"got":', () => response.destroy());
  });
  await expect(callJson(server.url, { schema: Answer })).rejects.toMatchObject({ code: "unavailable" });
});
