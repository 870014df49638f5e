import { setTimeout as delay } from "node:timers/promises";
import { seeded } from "@teatree/local-stack/seeded-random";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { Collected } from "@teatree/shared/contracts/retention";
import { setRetention } from "@teatree/shared/control-db/retention";
import { listVersions, type VersionRow } from "@teatree/shared/control-db/versions";
import { expect, test } from "vitest";
import { openedModels } from "./testing/opened-models.ts";
import { sql, type TestModel } from "./testing/test-model.ts";

const models = openedModels();
const ROUNDS = 18;

/** A few intents that may be sent in one batch: every kind of change, and every function about the whole file. */
function someIntents(round: number, current: number, random: () => number): FunctionCall[] {
  const calls: FunctionCall[] = [
    sql(`INSERT INTO facts SELECT range + ${round * 1_000}, md5(range::VARCHAR) FROM range(${100 + round})`),
  ];
  const kind = Math.floor(random() * 7);
  if (kind === 0) calls.push(sql(`UPDATE facts SET t = md5(t) WHERE n % 53 = ${round % 53}`));
  if (kind === 1) calls.push(sql(`DELETE FROM facts WHERE n % 97 = ${round % 97}`));
  if (kind === 2) calls.push(sql("CREATE OR REPLACE TABLE facts AS SELECT n, t FROM facts"));
  if (kind === 3) calls.push({ function: "compact", args: {} });
  if (kind === 4 && current > 2) {
    calls.push({ function: "restore", args: { version: 1 + Math.floor(random() * (current - 1)) } });
  }
  if (kind === 5 && current > 0)
    calls.push({ function: "fork", args: { version: current, name: `fork-${round}` } });
  return calls;
}

/** Kills the manager at some moment of the work; its children die with it. */
async function killSoon(model: TestModel, random: () => number): Promise<void> {
  await delay(Math.floor(random() * 250));
  model.living()?.child.kill("SIGKILL");
}

/** Every version of the model and of the forks that came from it, as far as it is kept. */
async function keptVersions(model: TestModel): Promise<VersionRow[]> {
  const { rows } = await model.pool.query<{ id: VersionRow["modelId"] }>("SELECT id FROM goal_model");
  const kept: VersionRow[] = [];
  for (const { id } of rows) kept.push(...(await listVersions(model.pool, id, { limit: 1_000 })));
  return kept;
}

test.each([3])(
  "random intents, kills and retention (seed %i): every kept version can be read whole, and none is missing",
  async (seed) => {
    const random = seeded(seed);
    const model = await models.open();
    await model.drive(
      await model.submit([
        sql("CREATE TABLE facts AS SELECT range AS n, md5(range::VARCHAR) AS t FROM range(20000)"),
      ]),
    );
    const prints = new Map<string, string>();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { currentVersion } = await model.row();
      const items = await model.submit(someIntents(round, currentVersion, random));
      if (round % 6 === 0) {
        const keepLast = 2 + Math.floor(random() * 4);
        await setRetention(model.pool, model.modelId, { keepLast, keepDays: null, graceMinutes: 0 });
        // It may be killed in the middle of it, or find no manager: then the next one collects.
        void model.call("POST", "/collect", "collect", Collected).catch(() => undefined);
      }
      const killing = random() < 0.6 ? killSoon(model, random) : Promise.resolve();
      await Promise.all([model.drive(items), killing]);
      const statuses = (await model.intents(items)).map(({ status, error }) => error?.code ?? status);
      // A version to restore may have been removed meanwhile.
      for (const status of statuses)
        expect(["applied", "version_removed", "version_current"]).toContain(status);
    }
    await model.drive(await model.submit([sql("INSERT INTO facts VALUES (-1, 'the end')")]));
    await model.call("POST", "/collect", "collect", Collected);
    const versions = await keptVersions(model);
    for (const version of versions) {
      expect(await model.stored.fault(version), `${version.file}`).toBeNull();
      prints.set(version.file, String(await model.read(version, "SELECT count(*), max(n) FROM facts")));
    }
    const own = versions.filter(({ modelId }) => modelId === model.modelId).map(({ version }) => version);
    const { currentVersion } = await model.row();
    expect(Math.max(...own)).toBe(currentVersion);
    expect(new Set(prints.values()).size).toBeGreaterThan(1);
  },
  180_000,
);
