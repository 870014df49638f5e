import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { seeded } from "@teatree/local-stack/seeded-random";
import { packKey } from "@teatree/shared/block-store/pack-name";
import type { Retention } from "@teatree/shared/contracts/retention";
import { archivePartsOf } from "@teatree/shared/control-db/archive-parts";
import { retainedVersions, setRetention, setVersionName } from "@teatree/shared/control-db/retention";
import { afterEach, describe, expect, test } from "vitest";
import { openStoredVersions } from "../testing/stored-versions.ts";
import { type OneModel, openTwoModels, type TwoModels } from "./testing/two-models.ts";

let models: TwoModels;
afterEach(() => models[Symbol.asyncDispose]());

const rows = (count: number, from = 0) =>
  `INSERT INTO t SELECT range, md5(range::VARCHAR) || md5((range * 7)::VARCHAR) FROM range(${from}, ${from + count})`;
const update = (from: number, to: number) =>
  `UPDATE t SET payload = md5(payload) || md5(id::VARCHAR) WHERE id BETWEEN ${from} AND ${to}`;

const LAST_ONE: Retention = { keepLast: 1, keepDays: null, graceMinutes: 0 };

/** Everything that still lies there, and that no version is made of. */
async function garbage({ pool, home, ours, theirs, objects }: TwoModels): Promise<string[]> {
  const stored = await openStoredVersions(home);
  const needed = new Set<string>();
  for (const model of [ours, theirs]) {
    for (const row of await model.versions()) {
      const { list, record } = await stored.version(row);
      needed.add(row.pack);
      if (record.list.kind === "delta") needed.add(packKey(record.list.base));
      for (const block of list.blocks) if (block) needed.add(packKey(block.pack));
      for (const { key } of await archivePartsOf(pool, model.id, row.version)) needed.add(key);
    }
  }
  const stray = (await objects()).filter((key) => !needed.has(key));
  for (const { id, versions } of [ours, theirs]) {
    const kept = (await versions()).map(({ file }) => file);
    const files = await readdir(join(home, "versions", id)).catch(() => []);
    stray.push(...files.map((name) => `${id}/${name}`).filter((file) => !kept.includes(file)));
  }
  return stray;
}

test("old versions go with their bytes, and what others are made of stays", async () => {
  models = await openTwoModels();
  const { ours, pool } = models;
  await ours.write(rows(4_000));
  await ours.write(rows(2_000, 10_000));
  const third = await ours.write("DELETE FROM t WHERE id < 4000");
  for (let turn = 0; turn < 3; turn += 1) await ours.write("DELETE FROM t", rows(300, turn));
  await setVersionName(pool, ours.id, third.version, "Q3 close");
  const before = (await retainedVersions(pool, ours.id)).reduce((sum, each) => sum + each.packBytes, 0);
  await setRetention(pool, ours.id, LAST_ONE);

  const done = await ours.collect();
  expect(done).toMatchObject({ removedVersions: [1, 2, 4, 5], archiveFilesRemoved: 1 });
  expect(done?.bytesFreed).toBeGreaterThan(0);
  const after = (await retainedVersions(pool, ours.id)).reduce((sum, each) => sum + each.packBytes, 0);
  expect(after).toBeLessThan(before);
  expect(done?.bytesKept).toBe(after);
  expect((await ours.versions()).map(({ version }) => version)).toEqual([3, 6]);
  expect(await models.faults()).toEqual([]);
  expect(await garbage(models)).toEqual([]);
  expect(await ours.collect()).toMatchObject({ removedVersions: [], bytesFreed: 0, packsThinned: 0 });
});

test("while the grace period lasts, the bytes of a removed version stay", async () => {
  models = await openTwoModels();
  const { ours, pool } = models;
  const first = await ours.write(rows(3_000));
  for (let turn = 0; turn < 3; turn += 1) await ours.write("DELETE FROM t", rows(300, turn));
  await setRetention(pool, ours.id, { ...LAST_ONE, graceMinutes: 60 });
  const done = await ours.collect();
  expect(done).toMatchObject({ removedVersions: [1, 2, 3], packsRemoved: 0, packsThinned: 0 });
  expect(done?.remaining).toMatchObject({ versions: 3, until: expect.stringContaining("T") });
  expect(done?.remaining.bytes).toBeGreaterThan(0);
  const stored = await openStoredVersions(models.home);
  expect(await stored.fault(first)).toBeNull();

  await pool.query("UPDATE model_version SET removed_at = removed_at - interval '61 minutes'");
  expect((await ours.collect())?.bytesFreed).toBeGreaterThan(0);
  expect(await models.faults()).toEqual([]);
});

test("a reader that knows a pack from before it was thinned reads on", async () => {
  models = await openTwoModels();
  const { ours, theirs, pool } = models;
  const first = await ours.write(rows(4_000));
  await theirs.continueFrom(first);
  await theirs.write(update(0, 2_500));
  await theirs.write(update(0, 2_500));
  expect(await models.faultsOfOldReader()).toEqual([]);
  await ours.write("DELETE FROM t", rows(100));
  await ours.write("DELETE FROM t", rows(100));
  for (const model of [theirs, ours]) await setRetention(pool, model.id, LAST_ONE);
  await theirs.collect();
  expect((await ours.collect())?.packsThinned).toBeGreaterThan(0);
  expect(await models.faultsOfOldReader()).toEqual([]);
  // The publisher, too, remembers it.
  await theirs.write(update(100, 200));
  expect(await models.faults()).toEqual([]);
});

test("a version whose list cannot be read stops the collection before any byte is removed", async () => {
  models = await openTwoModels();
  const { ours, theirs, pool } = models;
  const first = await ours.write(rows(2_000));
  await theirs.continueFrom(first);
  await ours.write("DELETE FROM t");
  await setRetention(pool, ours.id, LAST_ONE);
  await pool.query("UPDATE model_version SET pack = replace(pack, '/v1-', '/v9-') WHERE model_id = $1", [
    theirs.id,
  ]);
  const before = await models.objects();
  await expect(ours.collect()).rejects.toThrow("block_damaged");
  expect(await models.objects()).toEqual(before);
});

test("a collector that overlooks a kept version damages it: the check can fail", async () => {
  models = await openTwoModels();
  const { ours, pool } = models;
  await ours.write(rows(4_000));
  const named = await ours.write(update(0, 500));
  await ours.write("DELETE FROM t", rows(50));
  await setVersionName(pool, ours.id, named.version, "Q3 close");
  await setRetention(pool, ours.id, LAST_ONE);
  await ours.collect({ ignored: named.pack });
  expect((await models.faults()).join()).toContain(`version ${named.version} of ours`);
});

describe("whatever the history, and wherever a collection is cut off", () => {
  test.each([1, 2, 3, 4, 5, 6])(
    "all that is kept can be read, and in the end nothing else is left (seed %i)",
    async (seed) => {
      models = await openTwoModels();
      const { ours, theirs, pool } = models;
      const random = seeded(seed);
      const upTo = (most: number) => Math.floor(random() * most);
      const both = [ours, theirs];
      const one = () => both[upTo(2)] ?? ours;
      const any = async (model: OneModel) => {
        const versions = await model.versions();
        return versions[upTo(versions.length)];
      };
      for (const model of both) await model.write(rows(500 + upTo(3_000)));

      for (let step = 0; step < 14; step += 1) {
        const model = one();
        const what = random();
        if (what < 0.35) await model.write(update(upTo(1_000), 1_000 + upTo(2_000)));
        else if (what < 0.45) await model.write(rows(upTo(1_500), 5_000 + step * 2_000));
        else if (what < 0.55) await model.write(`DELETE FROM t WHERE id % ${2 + upTo(4)} = 0`);
        else if (what < 0.75) {
          const from = await any(one());
          if (from) await model.continueFrom(from);
        } else if (what < 0.8) {
          const version = await any(model);
          if (version)
            await setVersionName(pool, model.id, version.version, random() < 0.5 ? `step ${step}` : null);
        } else {
          const graceMinutes = random() < 0.7 ? 0 : 60;
          await setRetention(pool, model.id, { keepLast: 1 + upTo(3), keepDays: null, graceMinutes });
          const cut = random() < 0.6 ? { killAtCall: 1 + upTo(16) } : { killAfterMs: upTo(40) };
          const isKilled = (await model.collect(random() < 0.8 ? cut : {})) === null;
          if (isKilled) await model.takeOver();
          expect(await models.faults()).toEqual([]);
        }
      }
      for (const model of both) await setRetention(pool, model.id, LAST_ONE);
      await pool.query("UPDATE model_version SET name = NULL");
      // What one lets go may be what the other one's blocks are kept for.
      for (const model of [...both, ...both]) await model.collect();
      expect(await models.faults()).toEqual([]);
      expect(await models.faultsOfOldReader()).toEqual([]);
      expect(await garbage(models)).toEqual([]);
    },
  );
});
