import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "@teatree/local-stack/polling";
import { isAlive } from "@teatree/shared/runtime/shutdown";
import { expect, test } from "vitest";
import { type Harness, startHarness } from "./testing/harness.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

function startProcess(harness: Harness, extra: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [main], {
    env: { ...harness.environment, ...extra },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

async function managerPid(harness: Harness, modelId: Parameters<Harness["model"]>[0]): Promise<number> {
  return until("a manager", async () => {
    const { leaseLive, leaseHolder } = await harness.model(modelId);
    return leaseLive ? Number(leaseHolder?.split(":").at(-1)) : undefined;
  });
}

test("a dispatcher killed with a batch in flight is replaced: the manager goes on, nothing is lost or doubled", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const slow = { FAKE_DELAY_MS: "100" };
  const first = startProcess(harness, slow);
  const submitted = await harness.submit(modelId, 10);
  await until("the first effect", async () =>
    (await harness.effects(modelId)).length > 0 ? true : undefined,
  );
  const manager = await managerPid(harness, modelId);
  first.kill("SIGKILL");
  await once(first, "exit");
  expect(isAlive(manager)).toBe(true);
  const later = await harness.submit(modelId, 3);
  const second = startProcess(harness, slow);
  await harness.applied([...submitted, ...later]);
  const effects = await harness.effects(modelId);
  expect(effects.map(({ intentId }) => intentId)).toEqual([...submitted, ...later]);
  expect(await managerPid(harness, modelId)).toBe(manager);
  second.kill("SIGTERM");
  await once(second, "exit");
  process.kill(manager, "SIGTERM");
  await until("the manager's end", () => (isAlive(manager) ? undefined : true));
});

test("SIGTERM ends the dispatcher and the managers it launched, exit 0", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const dispatcher = startProcess(harness);
  await harness.applied(await harness.submit(modelId, 1));
  const manager = await managerPid(harness, modelId);
  dispatcher.kill("SIGTERM");
  expect(await once(dispatcher, "exit")).toEqual([0, null]);
  expect(isAlive(manager)).toBe(false);
});

test("in a local start SIGTERM also ends managers that an earlier dispatcher launched", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const local = { TEATREE_PARENT_PID: String(process.pid) };
  const first = startProcess(harness, local);
  await harness.applied(await harness.submit(modelId, 1));
  const manager = await managerPid(harness, modelId);
  first.kill("SIGKILL");
  await once(first, "exit");
  const second = startProcess(harness, local);
  await harness.applied(await harness.submit(modelId, 1));
  second.kill("SIGTERM");
  expect(await once(second, "exit")).toEqual([0, null]);
  await until("the manager's end", () => (isAlive(manager) ? undefined : true));
});

test("a dispatcher ends soon after the local start that began it is gone", async () => {
  const harness = await startHarness();
  const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const dispatcher = startProcess(harness, { TEATREE_PARENT_PID: String(parent.pid) });
  await harness.applied(await harness.submit(await harness.newModel(), 1));
  parent.kill("SIGKILL");
  expect(await once(dispatcher, "exit")).toEqual([0, null]);
});

test("bad settings end it at once and name the variable", async () => {
  const child = spawn(process.execPath, [join(main)], { env: {}, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
  }
  const [code] = await once(child, "close");
  expect(code).not.toBe(0);
  expect(said).toContain("DATABASE_URL");
});
