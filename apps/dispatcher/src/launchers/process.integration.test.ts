import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { ModelId } from "@teatree/shared/contracts/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProcessLauncher } from "./process.ts";

const modelId = ModelId.parse("0198c1de-0000-7000-8000-000000000001");
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "teatree-test-launcher-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function launcherOf(program: string) {
  const entry = join(folder, "program.mjs");
  await writeFile(entry, program);
  const environment = { COLOUR: "green" };
  return createProcessLauncher({ entry, environment, logFolder: join(folder, "logs") });
}
const logFile = () => join(folder, "logs", `manager-${modelId}.log`);

test("a manager is told its model and the launcher's environment, and its output is kept", async () => {
  const launcher = await launcherOf("console.log(process.env.TEATREE_MODEL_ID, process.env.COLOUR)");
  const manager = await launcher.launch(modelId);
  expect(await manager.exited).toEqual({ code: 0, signal: null });
  expect(manager.running()).toBe(false);
  expect(await readFile(logFile(), "utf8")).toBe(`${modelId} green\n`);
});

test("closing ends what was launched, by force when it does not listen", async () => {
  const launcher = await launcherOf(
    "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)",
  );
  const manager = await launcher.launch(modelId);
  await until("its first line", async () =>
    (await readFile(logFile(), "utf8")) === "up\n" ? true : undefined,
  );
  await launcher.close(50);
  expect(await manager.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("a program that is not there is an exit, not a hang", async () => {
  const launcher = createProcessLauncher({
    entry: join(folder, "missing.mjs"),
    environment: {},
    logFolder: join(folder, "logs"),
  });
  const manager = await launcher.launch(modelId);
  expect((await manager.exited).code).not.toBe(0);
});

test("a log that has grown large is put aside", async () => {
  const launcher = await launcherOf("console.log('again')");
  await (await launcher.launch(modelId)).exited;
  await truncate(logFile(), 11 * 1024 * 1024);
  await (await launcher.launch(modelId)).exited;
  expect(await readFile(logFile(), "utf8")).toBe("again\n");
  expect((await stat(`${logFile()}.1`)).size).toBe(11 * 1024 * 1024);
});
