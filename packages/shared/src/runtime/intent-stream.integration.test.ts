import { jetstreamManager, PersistMode, StorageType } from "@nats-io/jetstream";
import { startTestServers } from "@teatree/local-stack/testing";
import { expect, onTestFinished, test } from "vitest";
import { IntentId, ModelId } from "../contracts/ids.ts";
import type { QueuedIntent } from "../contracts/manager-api.ts";
import { INTENT_STREAM, INTENT_SUBJECTS } from "../subjects.ts";
import { publishIntent } from "./intent-publish.ts";
import { dropIntentStream, ensureIntentStream, findIntentStream } from "./intent-stream.ts";
import { connectNats, watchConnection } from "./nats.ts";

const modelId = ModelId.parse("0198c1de-0000-7000-8000-000000000001");

async function serversOfThisTest() {
  const servers = await startTestServers();
  onTestFinished(() => servers[Symbol.asyncDispose]());
  return servers;
}

function intent(number: number, sql = "SELECT 1"): QueuedIntent {
  return {
    intentId: IntentId.parse(`0198c1de-0000-7000-8000-${String(number).padStart(12, "0")}`),
    modelId,
    call: { function: "sql", args: { sql } },
    baseVersion: null,
    submittedBy: "test",
    submittedAt: "2026-01-01T00:00:00.000Z",
  };
}

test("the stream is made once, keeps its life, and knows an id it has", async () => {
  const servers = await serversOfThisTest();
  const connection = await connectNats(servers.nats.url, "test");
  const streams = await Promise.all([ensureIntentStream(connection), ensureIntentStream(connection)]);
  expect(streams[0]?.created).toBe(streams[1]?.created);
  const first = await publishIntent(connection, intent(1));
  const again = await publishIntent(connection, intent(1));
  const second = await publishIntent(connection, intent(2));
  expect([first, again, second]).toEqual([
    { sequence: 1, duplicate: false },
    { sequence: 1, duplicate: true },
    { sequence: 2, duplicate: false },
  ]);
  const found = await findIntentStream(connection);
  expect(found).toEqual({ created: streams[0]?.created, firstSequence: 1, lastSequence: 2 });
  await connection.close();
});

test("a stream made anew begins where it is told to", async () => {
  const servers = await serversOfThisTest();
  const connection = await connectNats(servers.nats.url, "test");
  expect(await findIntentStream(connection)).toBeNull();
  await ensureIntentStream(connection);
  await dropIntentStream(connection);
  await dropIntentStream(connection);
  await ensureIntentStream(connection, { firstSequence: 41 });
  expect(await publishIntent(connection, intent(1))).toEqual({ sequence: 41, duplicate: false });
  await connection.close();
});

test("a message over the limit is refused before it is sent", async () => {
  const servers = await serversOfThisTest();
  const connection = await connectNats(servers.nats.url, "test");
  await ensureIntentStream(connection);
  const publishing = publishIntent(connection, intent(1, "x".repeat(128 * 1024)));
  await expect(publishing).rejects.toMatchObject({ code: "invalid_arguments" });
  await connection.close();
});

test("a stream that would lose what it acknowledged is refused", async () => {
  const servers = await serversOfThisTest();
  const connection = await connectNats(servers.nats.url, "test");
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: INTENT_STREAM,
    subjects: [INTENT_SUBJECTS],
    storage: StorageType.File,
    persist_mode: PersistMode.Async,
  });
  await expect(ensureIntentStream(connection)).rejects.toThrow("persist_mode");
  await manager.streams.delete(INTENT_STREAM);
  await manager.streams.add({
    name: INTENT_STREAM,
    subjects: [INTENT_SUBJECTS],
    storage: StorageType.Memory,
  });
  await expect(ensureIntentStream(connection)).rejects.toThrow("file storage");
  await connection.close();
});

test("a publish to a server that is away is unavailable soon, and the connection comes back by itself", async () => {
  const servers = await serversOfThisTest();
  const connection = await connectNats(servers.nats.url, "test");
  await ensureIntentStream(connection);
  const reconnected = Promise.withResolvers<void>();
  const watch = watchConnection(connection, reconnected.resolve);
  await servers.nats.crash();
  const publishing = publishIntent(connection, intent(1), { timeoutMs: 300 });
  await expect(publishing).rejects.toMatchObject({ code: "unavailable" });
  expect(watch.connected()).toBe(false);
  await servers.nats.restart();
  await reconnected.promise;
  expect(watch.connected()).toBe(true);
  expect(await publishIntent(connection, intent(1))).toMatchObject({ sequence: 1 });
  await connection.close();
});
