import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readRunning, STACK_MARK } from "./home-lock.ts";
import { withClient } from "./postgres-server.ts";
import { keptSecret } from "./private-file.ts";
import { identify, isRunning, markedProcesses } from "./process-identity.ts";
import { readyLink, spawnStart, startTestSystem, type TestSystem } from "./test-system.ts";

let home = "";
/** What a test leaves running; it ends before its home goes. */
let running: AsyncDisposableStack;
beforeEach(async () => {
  running = new AsyncDisposableStack();
  home = await mkdtemp(join(tmpdir(), "teatree-start-"));
});
afterEach(async () => {
  await running.disposeAsync();
  await rm(home, { recursive: true, force: true });
});

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function leftAlive(pids: Record<string, number>): Promise<string[]> {
  const stackId = await keptSecret(join(home, "secrets", "stack-id"), () => "never made");
  const marked = await markedProcesses(STACK_MARK, stackId);
  const parts = Object.entries(pids).filter(([, pid]) => isAlive(pid));
  return [...parts.map(([name]) => name), ...marked.map(({ pid }) => `process ${pid}`)];
}

test("an interrupted start ends with 0 within 10 s and leaves no process behind", async () => {
  const system = await startTestSystem({ home });
  const pids = await system.pids();
  expect(Object.keys(pids).sort()).toEqual(["dispatcher", "nats", "postgres", "web"]);
  const began = performance.now();
  expect(await system.interrupt()).toEqual({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await leftAlive(pids)).toEqual([]);
  expect(await readRunning(home)).toBeNull();
});

test("a start that is interrupted before it is ready ends with 0 and leaves no process behind", async () => {
  const start = await spawnStart(home);
  await expect
    .poll(async () => (await readRunning(home))?.parts.length ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(0);
  expect(await start.stop("SIGINT", 10_000)).toEqual({ code: 0, signal: null });
  expect(await leftAlive({})).toEqual([]);
});

test("a taken port is named, with the way to choose another", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const start = await spawnStart(home, { PORT: String(port) });
  expect((await start.exited).code).toBe(1);
  other.close();
  expect(start.tail().join("\n")).toMatch(
    new RegExp(`Port ${port} on 127.0.0.1 is taken.*PORT=${port + 1} npm start`, "s"),
  );
});

test("a start after one that was killed clears its servers away and goes on with its data", async () => {
  const first = await startTestSystem({ home });
  await withClient(first.databaseUrl, (client) => client.query("create table kept as select 42 as answer"));
  const parts = Object.entries(await first.pids());
  const servers = parts.map(([name, pid]) => ({ name, identity: identify(pid) }));
  process.kill(first.pid, "SIGKILL");
  const start = await spawnStart(home);
  await readyLink(start);
  for (const { name, identity } of servers) {
    const known = await identity;
    expect(known && (await isRunning(known)), name).toBe(false);
  }
  await start.stop("SIGINT", 10_000);
  const again = running.use(await startTestSystem({ home }));
  const { rows } = await withClient(again.databaseUrl, (client) => client.query("select answer from kept"));
  expect(rows).toEqual([{ answer: 42 }]);
});

describe("a running system", () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem();
  }, 120_000);
  afterAll(() => system.stop());

  test("refuses a second start on its home, which names its process and address", async () => {
    const second = await spawnStart(system.home);
    expect((await second.exited).code).toBe(1);
    expect(second.tail().join("\n")).toContain(`process ${system.pid} at ${system.url}`);
    expect((await fetch(`${system.url}/api/v1/health`)).status).toBe(200);
  });

  test("runs beside another one with another home", async () => {
    const other = running.use(await startTestSystem());
    expect(other.url).not.toBe(system.url);
    const healths = [system, other].map(({ url }) => fetch(`${url}/api/v1/health`));
    expect((await Promise.all(healths)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("starts a killed part again, with its address and its data", async () => {
    await withClient(system.databaseUrl, (client) =>
      client.query("create table kept as select 42 as answer"),
    );
    for (const part of ["web", "dispatcher", "nats", "postgres"] as const) await system.restart(part);
    const { rows } = await withClient(system.databaseUrl, (client) =>
      client.query("select answer from kept"),
    );
    expect(rows).toEqual([{ answer: 42 }]);
    expect(system.output().join("\n")).toContain(
      "postgres was ended by SIGKILL; starting it again in 0.25 s",
    );
  });
});
