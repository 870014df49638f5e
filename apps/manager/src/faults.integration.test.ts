import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { startPostgres } from "@teatree/local-stack/postgres-server";
import { jobEventsAfter } from "@teatree/shared/control-db/job-events";
import { expect, test } from "vitest";
import { breaches, countingIntents } from "./testing/history.ts";
import { openedModels } from "./testing/opened-models.ts";
import { sql, type TestModel } from "./testing/test-model.ts";

const models = openedModels();

async function logOf(model: TestModel, items: Awaited<ReturnType<TestModel["submit"]>>): Promise<string> {
  const [item] = items;
  if (!item) return "";
  const events = await jobEventsAfter(model.pool, item.intent.intentId, { afterId: 0, limit: 1000 });
  return events.map(({ event }) => (event.kind === "log" ? event.line : "")).join("\n");
}

test("a manager that slept past its lease finds itself replaced, changes nothing and ends", async () => {
  const model = await models.open({ TEATREE_LEASE_MS: "4000" });
  const sleeper = await model.start();
  const items = await model.submit(countingIntents(2));
  await model.send(items);
  sleeper.child.kill("SIGSTOP");
  await until("the lease has run out", async () => ((await model.row()).leaseLive ? undefined : true));
  const next = await model.start();
  // Its writer may live: the folder of the sleeper is not touched.
  expect(next.log()).toContain('"kind":"clone"');
  const more = await model.submit([sql("INSERT INTO counted VALUES (2)")]);
  await model.drive(more);
  sleeper.child.kill("SIGCONT");
  const { code } = await sleeper.exited;
  expect(code).toBe(1);
  const last = await model.submit([sql("INSERT INTO counted VALUES (3)")]);
  await model.drive(last);
  expect(await breaches(model, [...items, ...more, ...last])).toEqual([]);
});

test("a sleeper that wakes with a batch in hand loses the compare-and-set", async () => {
  const model = await models.open({ TEATREE_LEASE_MS: "4000" });
  const sleeper = await model.start();
  const first = await model.submit(countingIntents(1));
  await model.send(first);
  const slow = sql("INSERT INTO counted SELECT 1 WHERE (SELECT count(*) FROM range(60000000)) > 0");
  const items = await model.submit([slow]);
  const sending = model.send(items).catch((error) => error);
  await until("it runs", async () =>
    (await model.intents(items))[0]?.status === "running" ? true : undefined,
  );
  sleeper.child.kill("SIGSTOP");
  await until("the lease has run out", async () => ((await model.row()).leaseLive ? undefined : true));
  await model.start();
  await model.drive(items);
  sleeper.child.kill("SIGCONT");
  expect((await sleeper.exited).code).toBe(1);
  await sending;
  expect(await breaches(model, [...first, ...items])).toEqual([]);
});

test("a stop lets the running intent end and gives the lease back", async () => {
  const model = await models.open();
  const manager = await model.start();
  const items = await model.submit(countingIntents(3));
  const sending = model.send(items).catch((error) => error);
  await until("it runs", async () =>
    (await model.intents(items))[0]?.status !== "queued" ? true : undefined,
  );
  manager.child.kill("SIGTERM");
  expect(await manager.exited).toEqual({ code: 0, signal: null });
  await sending;
  expect(await model.row()).toMatchObject({ leaseLive: false, managerUrl: null });
  await model.drive(items);
  expect(await breaches(model, items)).toEqual([]);
});

test("an intent that outlasts the stop is cut off, not counted as tried, and runs again", async () => {
  const model = await models.open();
  const manager = await model.start();
  const endless = sql("CREATE TABLE huge AS SELECT sum(a.range) FROM range(3000000) a, range(1000000) b");
  const items = await model.submit([endless]);
  const sending = model.send(items).catch((error) => error);
  await until("it runs", async () => ((await logOf(model, items)).includes("begin") ? true : undefined));
  manager.child.kill("SIGTERM");
  expect((await manager.exited).code).toBe(0);
  await sending;
  expect((await model.intents(items))[0]).toMatchObject({ status: "running", attempts: 0 });
});

test("a live file that cannot be opened is put aside; the last version is cloned and the rest applied again", async () => {
  const model = await models.open();
  const first = await model.start();
  const items = await model.submit(countingIntents(3));
  await model.send(items);
  first.child.kill("SIGKILL");
  await first.exited;
  const { leaseEpoch } = await model.row();
  const folder = join(model.servers.home, "work", model.modelId, `e${leaseEpoch}`);
  await truncate(join(folder, "model.duckdb"), 5_000);
  const second = await model.start();
  expect(second.log()).toContain("starting over");
  expect(await readdir(join(model.servers.home, "work", model.modelId))).toContain(
    `e${leaseEpoch + 1}.unreadable`,
  );
  const more = await model.submit([sql("INSERT INTO counted VALUES (3)")]);
  await model.send(more);
  expect(await breaches(model, [...items, ...more])).toEqual([]);
});

test("files of versions that were never published are swept, published ones stay", async () => {
  const model = await models.open();
  const first = await model.start();
  const items = await model.submit(countingIntents(1));
  await model.send(items);
  first.child.kill("SIGKILL");
  await first.exited;
  const folder = join(model.versionsDir, model.modelId);
  await writeFile(join(folder, "v2-e1.duckdb"), "left");
  await writeFile(join(folder, `v3-e1.duckdb.${randomUUID()}.unfinished`), "left");
  const packs = join(model.servers.home, "objects", "models", model.modelId, "packs");
  await writeFile(join(packs, "v2-e1.pack"), "left");
  await writeFile(join(packs, "v2-e1.pack.unfinished"), "left");
  await model.start();
  expect(await readdir(folder)).toEqual(["v1-e1.duckdb"]);
  expect(await readdir(packs)).toEqual(["v1-e1.pack"]);
});

test("PostgreSQL killed at the commit: the outcome is asked again, nothing is published twice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "teatree-postgres-"));
  let postgres = await startPostgres({ folder, durable: false });
  const model = await models.open({ DATABASE_URL: postgres.url, TEATREE_LEASE_MS: "20000" });
  await model.start();
  const items = await model.submit(countingIntents(12));
  try {
    const driving = (async () => {
      for (let from = 0; from < items.length; from += 2) {
        // The database is away now and then, also for the test.
        await retryUntilDone(() => model.drive(items.slice(from, from + 2)));
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const { position } = await retryUntilDone(() => model.row());
      await until("it moves", async () => ((await model.row()).position > position ? true : undefined), {
        timeoutMs: 30_000,
      });
      await postgres.child.stop("SIGQUIT");
      postgres = await startPostgres({ folder, durable: false, port: postgres.port });
    }
    await driving;
    expect(await breaches(model, items)).toEqual([]);
  } finally {
    await model[Symbol.asyncDispose]();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);

async function retryUntilDone<T>(work: () => Promise<T>): Promise<T> {
  return until("the database answers", async () => ({ value: await work() }), { timeoutMs: 60_000 }).then(
    ({ value }) => value,
  );
}

/** A small disk of the manager's own: a tmpfs in a mount namespace, reached from outside through /proc. */
function onSmallDisk(folder: string, megabytes: number): string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const mount = `mkdir -p '${folder}' && mount -t tmpfs -o size=${megabytes}m tmpfs '${folder}' && exec "$@"`;
  return ["unshare", ...asRoot, "--mount", "sh", "-c", mount, "sh"];
}

test.each([
  ["version files", "versions"],
  ["block store", "objects"],
  ["live file", "work"],
])(
  "a full disk under the %s delays an intent; it is applied once when there is room again",
  async (_, name) => {
    const model = await models.open();
    const folder = join(model.servers.home, name);
    const manager = await model.start({}, onSmallDisk(folder, 48));
    const inside = `/proc/${manager.child.pid}/root${folder}`;
    const first = await model.submit(countingIntents(1));
    await model.send(first);
    const filler = join(inside, "filler");
    await writeFile(filler, Buffer.alloc(64 * 1024 * 1024, 1)).catch(() => undefined);
    expect(existsSync(filler)).toBe(true);
    const big =
      "INSERT INTO counted SELECT 1; CREATE TABLE big AS SELECT hash(range) AS h FROM range(400000)";
    const items = await model.submit([sql(big)]);
    const sending = model.send(items);
    await until(
      "the job says so",
      async () => ((await logOf(model, items)).includes("disk is full") ? true : undefined),
      {
        timeoutMs: 20_000,
      },
    );
    expect((await model.intents(items))[0]?.status).toBe("running");
    await rm(filler);
    await sending;
    expect((await model.intents(items))[0]).toMatchObject({ status: "applied", version: 2 });
    const inNamespace = { ...(await model.versions()).at(-1) };
    expect(inNamespace.version).toBe(2);
    const more = await model.submit([sql("INSERT INTO counted SELECT count(*) FROM counted")]);
    await model.send(more);
    const [job] = await model.intents(more);
    expect(job?.changes).toEqual([{ table: "counted", rowsBefore: 2, rowsAfter: 3 }]);
  },
);
