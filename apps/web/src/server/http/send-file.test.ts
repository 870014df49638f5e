import { request } from "node:http";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sendBytes } from "./send-file.ts";

let app: FastifyInstance;
beforeEach(() => {
  app = Fastify();
});
afterEach(() => app.close());

/** A source that gives its first chunk when told to, and notes when it is ended. */
function source() {
  const first = Promise.withResolvers<void>();
  const state = { asked: 0, ended: 0 };
  const chunks: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        state.asked += 1;
        if (state.asked === 1) await first.promise;
        return { done: false, value: Buffer.alloc(1024) };
      },
      async return() {
        state.ended += 1;
        return { done: true, value: undefined };
      },
    }),
  };
  return { chunks, state, giveFirst: () => first.resolve() };
}

async function serve(chunks: AsyncIterable<Uint8Array>) {
  const gone = Promise.withResolvers<void>();
  app.get("/", async (asked, reply) => {
    reply.raw.once("close", () => gone.resolve());
    const described = { etag: '"x"', contentType: "a/b", headers: {} };
    await sendBytes(asked, reply, { ...described, bytes: 1024 * 1024 * 1024, read: () => chunks });
    return reply;
  });
  return { url: await app.listen({ port: 0, host: "127.0.0.1" }), gone: gone.promise };
}

test("who hangs up before the first byte leaves no source open", async () => {
  const { chunks, state, giveFirst } = source();
  const { url, gone } = await serve(chunks);
  const asking = request(url);
  asking.on("error", () => undefined);
  asking.end();
  await vi.waitFor(() => expect(state.asked).toBe(1));
  asking.destroy();
  await gone;
  giveFirst();
  await vi.waitFor(() => expect(state.ended).toBeGreaterThan(0));
  expect(state.asked).toBeLessThan(3);
});

test("who hangs up in the middle leaves no source open, and it is asked for no more than fits the line", async () => {
  const { chunks, state, giveFirst } = source();
  const { url } = await serve(chunks);
  giveFirst();
  const asking = request(url, (answer) => {
    answer.once("data", () => asking.destroy());
  });
  asking.on("error", () => undefined);
  asking.end();
  await vi.waitFor(() => expect(state.ended).toBeGreaterThan(0));
  expect(state.asked * 1024).toBeLessThan(64 * 1024 * 1024);
});
