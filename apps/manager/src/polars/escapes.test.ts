import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { familyOf } from "./process-memory.ts";
import { ABSENT_NAMES } from "./testing/escapes/absent-names.ts";
import { ENDLESS_WORK } from "./testing/escapes/endless-work.ts";
import type { EscapeScript } from "./testing/escapes/escape-script.ts";
import { TRICKS } from "./testing/escapes/tricks.ts";
import { WHOLE_RUNS } from "./testing/escapes/whole-runs.ts";
import { startTestRunner, type TestRunner } from "./testing/start-test-runner.ts";

const CANARY = "canary-4f1c9a";
const TIMEOUT_MS = 300;
/** A process starts for each run, on a machine that may be busy. */
const START_MS = 2500;
const LANES = 2;

let sandbox: TestRunner;
beforeAll(async () => {
  process.env.POLARS_CANARY = CANARY;
  sandbox = await startTestRunner();
  await writeFile(join(sandbox.folder, "canary.txt"), CANARY);
});
afterAll(async () => {
  delete process.env.POLARS_CANARY;
  await sandbox[Symbol.asyncDispose]();
});

test("there are many scripts, and no two of one name", () => {
  const names = [...ABSENT_NAMES, ...TRICKS, ...ENDLESS_WORK, ...WHOLE_RUNS].map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(120);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["names that are not there", ABSENT_NAMES],
  ["tricks", TRICKS],
])("%s are refused where they stand", async (_, scripts) => {
  const rows = await sandbox.records(tryAll(scripts));
  const wrong = scripts.flatMap(({ name, says }, index) => {
    const told = `${rows[index]?.told}`;
    const fine = told.startsWith("refused: ") && told.length > 14 && (says === undefined || says.test(told));
    return fine && !tellsTooMuch(told) ? [] : [`${name}: ${told}`];
  });
  expect(wrong).toEqual([]);
});

for (const [what, scripts] of [
  ["endless work", ENDLESS_WORK],
  ["whole runs", WHOLE_RUNS],
] as const) {
  test(`${what} end within their limits, each with a reason`, { timeout: 60_000 }, async () => {
    const waiting = [...scripts];
    const wrong: string[] = [];
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let script = waiting.pop(); script !== undefined; script = waiting.pop()) {
          const problem = await problemOf(script);
          if (problem !== undefined) wrong.push(`${script.name}: ${problem}`);
        }
      }),
    );
    expect(wrong).toEqual([]);
    const { rows } = await sandbox.run("tables.flights.groupBy('carrier').agg(pl.len())");
    expect(rows).toBe(7);
  });
}

test("a child sees no environment but the number of threads", async () => {
  const running = sandbox.run("for (;;) {}", { limits: { timeoutMs: 1000, rows: 1, bytes: 1 } });
  await expect.poll(environmentsOfChildren, { timeout: 5000 }).toEqual(["POLARS_MAX_THREADS"]);
  await running.catch(() => undefined);
});

test("nothing is left behind", async () => {
  await sandbox.runner.stop();
  expect(await readdir(join(sandbox.folder, "scratch"))).toEqual([]);
});

async function problemOf({ code, ends, says }: EscapeScript): Promise<string | undefined> {
  const started = performance.now();
  const outcome = await sandbox
    .run(code, { limits: { timeoutMs: TIMEOUT_MS, rows: 10_000, bytes: 1_000_000 } })
    .catch((error: unknown) => error);
  const took = performance.now() - started;
  if (took > START_MS + TIMEOUT_MS + 2000) return `it took ${Math.round(took)} ms`;
  if (!(outcome instanceof Error))
    return ends.length === 0 ? undefined : `it went through: ${JSON.stringify(outcome)}`;
  if (!(outcome instanceof TeatreeError)) return `it failed in its own way: ${outcome.message}`;
  if (!ends.includes(outcome.code)) return `it ended as ${outcome.code}: ${outcome.message}`;
  const told = JSON.stringify(outcome.toBody());
  if (tellsTooMuch(told)) return `it told too much: ${told}`;
  if (outcome.message.trim().length < 5) return `it said nothing: ${told}`;
  if (says !== undefined && !says.test(outcome.message)) return `it said: ${outcome.message}`;
  return undefined;
}

/** Names in the environments of all children, but for those of Node's channel and of bubblewrap. */
async function environmentsOfChildren(): Promise<string[]> {
  const children = (await familyOf(process.pid)).slice(1);
  const texts = await Promise.all(
    children.map((pid) => readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")),
  );
  const names = texts.flatMap((text) => text.split("\0").map((line) => line.split("=")[0] ?? ""));
  const known = ["", "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "PWD"];
  return [...new Set(names)].filter((name) => !known.includes(name));
}

/** One script that tries each and gives a frame of what it was told. */
function tryAll(scripts: readonly EscapeScript[]): string {
  return `() => {
    const told = [];
    for (const code of ${JSON.stringify(scripts.map(({ code }) => code))}) {
      try {
        (0, eval)(code);
        told.push("went through");
      } catch (error) {
        told.push("refused: " + error.message);
      }
    }
    return pl.DataFrame({ told });
  }`;
}

/** The canary, or a path of this machine. */
function tellsTooMuch(text: string): boolean {
  return text.includes(CANARY) || /\/(etc|tmp|work|usr|proc|home)\//.test(text);
}
