import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { Collected } from "@teatree/shared/contracts/retention";
import { setRetention } from "@teatree/shared/control-db/retention";
import { expect, test } from "vitest";
import { openedModels } from "../testing/opened-models.ts";
import { sql, type TestModel } from "../testing/test-model.ts";

const { open } = openedModels();
const collect = (model: TestModel) => model.call("POST", "/collect", "collect", Collected);
const fill = (turn: number) =>
  sql(`CREATE OR REPLACE TABLE t AS SELECT md5((range * ${turn})::VARCHAR) AS a FROM range(20000)`);

async function archived(model: TestModel): Promise<void> {
  await until(
    "every version is archived",
    async () => {
      const { archivedVersion, currentVersion } = await model.row();
      return archivedVersion === currentVersion ? true : undefined;
    },
    { timeoutMs: 30_000 },
  );
}

/** A model with versions 3 and 4, made of blocks of version 1 among others; 1 and 2 were removed with what nobody needs. */
async function collected(): Promise<TestModel> {
  const model = await open();
  const stay = sql("CREATE TABLE stay AS SELECT md5(range::VARCHAR) AS a FROM range(20000)");
  await model.drive(await model.submit([stay]));
  for (let turn = 2; turn <= 4; turn += 1) await model.drive(await model.submit([fill(turn)]));
  await archived(model);
  await setRetention(model.pool, model.modelId, { keepLast: 2, keepDays: null, graceMinutes: 0 });
  const done = await collect(model);
  expect(done).toMatchObject({ removedVersions: [1, 2] });
  expect(done.bytesFreed).toBeGreaterThan(0);
  return model;
}

async function faults(model: TestModel): Promise<(string | null)[]> {
  return Promise.all((await model.versions()).map((version) => model.stored.fault(version)));
}

test("a manager collects between batches, goes on to publish, and so does the next one", async () => {
  const model = await collected();
  expect(await faults(model)).toEqual([null, null]);
  await model.drive(await model.submit([sql("INSERT INTO t VALUES ('after')")]));
  const manager = model.living();
  manager?.child.kill("SIGKILL");
  await manager?.exited;
  // The next one tidies up at its start: packs of removed versions that others are made of are not left-overs.
  await model.drive(await model.submit([sql("INSERT INTO t VALUES ('later')")]));
  expect((await model.versions()).map(({ version }) => version)).toEqual([3, 4, 5, 6]);
  expect(await faults(model)).toEqual([null, null, null, null]);
  const [, , , last] = await model.versions();
  expect(await model.read(last, "SELECT count(*) FROM t")).toEqual([["20002"]]);
});

test("restoring or reading a removed version fails with its own error, and the model goes on", async () => {
  const model = await collected();
  const reads = { old: { model: model.modelId, version: 2 } };
  const items = await model.submit([
    { function: "restore", args: { version: 1 } },
    { function: "sql", args: { sql: "SELECT * FROM old.t", reads } },
    { function: "restore", args: { version: 3 } },
  ]);
  await model.drive(items);
  const jobs = await model.intents(items);
  expect(jobs.map(({ status }) => status)).toEqual(["failed", "failed", "applied"]);
  expect(jobs[0]?.error).toMatchObject({ code: "version_removed" });
  expect(jobs[1]?.error).toMatchObject({ code: "version_removed" });
  await archived(model);
  await collect(model);
  expect(await faults(model)).toEqual([null, null]);
});

test("the file of a removed version goes, too", async () => {
  const model = await collected();
  const files = await readdir(join(model.versionsDir, model.modelId));
  expect(files.filter((name) => /^v[12]-/.test(name))).toEqual([]);
});

test("a version that waits for its archive is not removed", async () => {
  const model = await open();
  for (let turn = 1; turn <= 3; turn += 1) await model.drive(await model.submit([fill(turn)]));
  await archived(model);
  await model.pool.query("UPDATE goal_model SET archived_version = 1 WHERE id = $1", [model.modelId]);
  await setRetention(model.pool, model.modelId, { keepLast: 1, keepDays: null, graceMinutes: 0 });
  expect(await collect(model)).toMatchObject({ removedVersions: [1] });
});
