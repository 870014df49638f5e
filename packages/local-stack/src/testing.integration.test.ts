import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { natsSignIn } from "@teatree/shared/runtime/nats-address";
import { expect, onTestFinished, test } from "vitest";
import { withClient } from "./postgres-server.ts";
import { startTestServers } from "./testing.ts";

test("each test gets an empty database of its own", async () => {
  const first = await startTestServers();
  onTestFinished(() => first[Symbol.asyncDispose]());
  const second = await startTestServers();
  onTestFinished(() => second[Symbol.asyncDispose]());
  await withClient(first.databaseUrl, (client) => client.query("create table only_here (id int)"));
  const seen = await withClient(second.databaseUrl, (client) =>
    client.query("select to_regclass('only_here') as found"),
  );
  expect(seen.rows).toEqual([{ found: null }]);
});

test("what nats-server acknowledged is there after a crash, on the same ports", async () => {
  const servers = await startTestServers();
  onTestFinished(() => servers[Symbol.asyncDispose]());
  const before = await connect({ ...natsSignIn(servers.nats.url) });
  const manager = await jetstreamManager(before);
  await manager.streams.add({ name: "KEPT", subjects: ["kept.>"] });
  await jetstream(before).publish("kept.one", "hello");
  await servers.nats.crash();
  await before.close();
  await servers.nats.restart();

  const after = await connect({ ...natsSignIn(servers.nats.url) });
  const stream = await (await jetstreamManager(after)).streams.info("KEPT");
  await after.close();
  expect(stream.state.messages).toBe(1);
});

test("a stranger cannot sign in to nats-server while nobody answers the callout", async () => {
  const servers = await startTestServers();
  onTestFinished(() => servers[Symbol.asyncDispose]());
  const { ports } = servers.nats;
  await expect(
    connect({ servers: `127.0.0.1:${ports.port}`, user: "teatree", pass: "guessed", timeout: 3_000 }),
  ).rejects.toThrow();
  await expect(connect({ servers: `127.0.0.1:${ports.port}`, timeout: 3_000 })).rejects.toThrow();
});
