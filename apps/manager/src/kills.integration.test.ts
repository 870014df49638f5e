import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "@teatree/local-stack/polling";
import { seeded } from "@teatree/local-stack/seeded-random";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { jobEventsAfter, stepsOf } from "@teatree/shared/control-db/job-events";
import { expect, test } from "vitest";
import { z } from "zod";
import { breaches, countingIntents } from "./testing/history.ts";
import { openedModels } from "./testing/opened-models.ts";
import { sql, type TestModel } from "./testing/test-model.ts";

const models = openedModels();
const SEED = 7;
const KILLS = 8;

const Lock = z.object({ writer: z.object({ pid: z.int() }) });

async function writerPid(model: TestModel): Promise<number> {
  const { leaseEpoch } = await model.row();
  const file = join(model.servers.home, "work", model.modelId, `e${leaseEpoch}`, "writer.json");
  return Lock.parse(JSON.parse(await readFile(file, "utf8"))).writer.pid;
}

/** How often the writer began to run an intent, as its job's log says. */
async function timesBegun(model: TestModel, id: IntentId): Promise<number> {
  const events = await jobEventsAfter(model.pool, id, { afterId: 0, limit: 1000 });
  return events.filter(({ event }) => event.kind === "log" && event.line.startsWith("begin ")).length;
}

function lives(pid: number): true | undefined {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return undefined;
  }
}

test(`after ${KILLS} SIGKILLs at random moments every intent is applied once, in order, in gapless versions`, async () => {
  const model = await models.open();
  const items = await model.submit(countingIntents(60));
  const random = seeded(SEED);
  const driving = (async () => {
    // Small batches, so that kills fall on publications, too.
    for (let from = 0; from < items.length; from += 3) await model.drive(items.slice(from, from + 3));
  })();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const victim = await until("a manager lives", () => model.living(), { timeoutMs: 30_000 });
    // Random on purpose: the moment of the kill is what is tested. Startup included, some 600 ms.
    await delay(300 + random() * 900);
    victim.child.kill("SIGKILL");
    await victim.exited;
  }
  await driving;
  expect(await breaches(model, items)).toEqual([]);
}, 90_000);

test("the judge of histories sees an effect that happened twice", async () => {
  const model = await models.open();
  const items = await model.submit([...countingIntents(2), sql("INSERT INTO counted VALUES (1)")]);
  await model.drive(items);
  expect(await breaches(model, items)).not.toEqual([]);
});

test("a manager that follows a killed one starts at once and goes on in its live file", async () => {
  const model = await models.open({ TEATREE_LEASE_MS: "60000" });
  const first = await model.start();
  const items = await model.submit(countingIntents(2));
  await model.send(items);
  const writer = await writerPid(model);
  first.child.kill("SIGKILL");
  await first.exited;
  const start = performance.now();
  const second = await model.start();
  // Waiting for the end of the lease would take longer.
  expect(performance.now() - start).toBeLessThan(30_000);
  expect(second.log()).toContain('"kind":"adopt"');
  await until("the old writer is gone", () => (lives(writer) ? undefined : true));
  const more = await model.submit([sql("INSERT INTO counted VALUES (2)")]);
  await model.send(more);
  expect(await breaches(model, [...items, ...more])).toEqual([]);
});

test("what was committed and not published when the manager died is published by the next one, before any batch", async () => {
  const model = await models.open();
  const endless = sql("CREATE TABLE slow AS SELECT sum(a.range) FROM range(3000000) a, range(1000000) b");
  const items = await model.submit([...countingIntents(3), endless]);
  const first = await model.start();
  model.send(items).catch(() => undefined);
  const third = items[2]?.intent.intentId;
  if (!third) throw new Error("unreachable");
  await until("the third is committed", async () =>
    (await stepsOf(model.pool, third)).length > 0 ? true : undefined,
  );
  first.child.kill("SIGKILL");
  await first.exited;
  expect((await model.row()).currentVersion).toBe(0);
  await model.start();
  expect(await model.row()).toMatchObject({ currentVersion: 1, position: items[2]?.sequence });
  expect(await breaches(model, items.slice(0, 3))).toEqual([]);
});

test("the writer of a killed manager ends, also in the middle of a statement", async () => {
  const model = await models.open();
  const manager = await model.start();
  const endless = sql("CREATE TABLE slow AS SELECT sum(a.range) FROM range(3000000) a, range(1000000) b");
  const items = await model.submit([endless]);
  model.send(items).catch(() => undefined);
  const [item] = items;
  if (!item) throw new Error("unreachable");
  await until("it runs", async () =>
    (await timesBegun(model, item.intent.intentId)) > 0 ? true : undefined,
  );
  const writer = await writerPid(model);
  manager.child.kill("SIGKILL");
  await until("the writer is gone", () => (lives(writer) ? undefined : true));
});

test("an intent whose process dies three times fails as crashed, and the one behind it is applied", async () => {
  const model = await models.open();
  await model.start();
  const items = await model.submit([
    sql("CREATE TABLE a AS SELECT 1 AS one"),
    sql("CREATE TABLE huge AS SELECT sum(a.range) AS s FROM range(3000000) a, range(1000000) b"),
    sql("CREATE TABLE b AS SELECT 1 AS one"),
  ]);
  const [, poison] = items;
  if (!poison) throw new Error("unreachable");
  const sending = model.send(items);
  let killed = 0;
  let ended = false;
  sending.finally(() => {
    ended = true;
  });
  while (!ended) {
    const begun = await timesBegun(model, poison.intent.intentId);
    if (begun > killed) {
      process.kill(await writerPid(model), "SIGKILL");
      killed = begun;
    }
    await delay(20);
  }
  await sending;
  const jobs = await model.intents(items);
  expect(jobs.map((job) => job.status)).toEqual(["applied", "failed", "applied"]);
  expect(jobs[1]?.error?.code).toBe("crashed");
  expect(killed).toBe(3);
});

test("a second manager of the model ends with 75 while the first one lives", async () => {
  const model = await models.open();
  await model.start();
  const { code } = await model.launch().exited;
  expect(code).toBe(75);
});
