import { setRetention } from "@teatree/shared/control-db/retention";
import { afterEach, expect, test } from "vitest";
import { openTwoModels, type TwoModels } from "./testing/two-models.ts";

let models: TwoModels;
afterEach(() => models[Symbol.asyncDispose]());

const fill = (turn: number) =>
  `INSERT INTO t SELECT range, md5((range * ${turn})::VARCHAR) || md5(range::VARCHAR) FROM range(1500)`;

test("a collection that is cut off before each of its calls in turn goes on where it was", async () => {
  models = await openTwoModels();
  const { ours, theirs, pool } = models;
  for (let turn = 1; turn <= 6; turn += 1) {
    const version = await ours.write("DELETE FROM t WHERE id % 3 > 0", fill(turn));
    if (turn === 2) await theirs.continueFrom(version);
  }
  await theirs.write("DELETE FROM t WHERE id < 200");
  for (const { id } of [ours, theirs]) {
    await setRetention(pool, id, { keepLast: 1, keepDays: null, graceMinutes: 0 });
  }
  for (const model of [theirs, ours]) {
    let cuts = 0;
    for (let call = 1; (await model.collect({ killAtCall: call })) === null; call += 1) {
      cuts += 1;
      await model.takeOver();
      expect(await models.faults()).toEqual([]);
    }
    expect(cuts).toBeGreaterThan(4);
    const done = await model.collect();
    expect(done).toMatchObject({ removedVersions: [], packsRemoved: 0, packsThinned: 0, bytesFreed: 0 });
  }
  expect(await models.faultsOfOldReader()).toEqual([]);
});
