import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@teatree/local-stack/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { IntentId, ModelId } from "../contracts/ids.ts";
import { commitBatch } from "./commit-batch.ts";
import { createModel } from "./goal-models.ts";
import { recordIntents } from "./intents.ts";
import { migrate } from "./migrate.ts";
import { inTransaction, openPool, type Pool } from "./pool.ts";
import {
  markRemoved,
  namingVersions,
  retainedVersions,
  setRetention,
  setVersionName,
  wantsCollection,
} from "./retention.ts";
import { findVersion, listVersions, storedVersions } from "./versions.ts";

const EPOCH = 1;
let database: TestDatabase;
let pool: Pool;
let modelId: ModelId;
let name: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.databaseUrl);
  pool = openPool(database.databaseUrl, { applicationName: "test" });
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ({ modelId, name } = await makeModel(4));
});

/** A model with so many versions; `packModels` are those whose packs the last one names. */
async function makeModel(versions: number, packModels: ModelId[] = []) {
  const id = ModelId.parse(randomUUID());
  const made = `m${id.replaceAll("-", "")}`;
  await createModel(pool, { id, name: made, createdBy: "test" });
  await pool.query("UPDATE goal_model SET lease_epoch = $2 WHERE id = $1", [id, EPOCH]);
  for (let version = 1; version <= versions; version += 1) {
    const row = {
      version,
      parent: version === 1 ? null : version - 1,
      createdAt: new Date(2026, 0, version),
      intents: [],
      bytes: 100,
      newBytes: 100,
      hash: "a".repeat(64),
      storageVersion: "v1.4.0",
      engineVersion: "v1.5.6",
      file: `${id}/v${version}-e1.duckdb`,
      pack: `models/${id}/packs/v${version}-e1.pack`,
      packBytes: 10,
      packModels: version === versions ? packModels : [],
      content: [],
    };
    await commitBatch(pool, {
      ...{ modelId: id, epoch: EPOCH, baseVersion: version - 1, position: version, version: row },
      ...{ outcomes: [], notifications: [] },
    });
  }
  return { modelId: id, name: made };
}

async function submit(model: ModelId, call: { function: string; args: Record<string, unknown> }) {
  const id = IntentId.parse(randomUUID());
  const rest = { contentHash: "c", baseVersion: null, notebookId: null, retryOf: null, traceparent: "" };
  await inTransaction(pool, (db) =>
    recordIntents(db, { modelId: model, submittedBy: "ada", intents: [{ id, ...call, ...rest }] }),
  );
  return id;
}

test("removed versions are neither listed nor found, and the error says since when and what is kept", async () => {
  expect(await markRemoved(pool, modelId, EPOCH, [1, 3])).toEqual([1, 3]);
  expect((await listVersions(pool, modelId, { limit: 10 })).map(({ version }) => version)).toEqual([4, 2]);
  await expect(findVersion(pool, modelId, 3)).rejects.toMatchObject({
    code: "version_removed",
    status: 410,
    message: expect.stringMatching(/^Version 3 was removed on \d{4}-.* Kept: 2 and 4\.$/),
    details: { version: 3, kept: [2, 4] },
  });
  expect(await findVersion(pool, modelId, 5)).toBeNull();
  // Their packs may hold blocks of others: who sweeps must know of them.
  expect(await storedVersions(pool, modelId)).toHaveLength(4);
});

test("a manager that lost its lease removes nothing", async () => {
  expect(await markRemoved(pool, modelId, EPOCH + 1, [1])).toEqual([]);
});

test("the current version and named ones are never removed", async () => {
  await setVersionName(pool, modelId, 2, "Q3 close");
  expect(await markRemoved(pool, modelId, EPOCH, [1, 2, 3, 4])).toEqual([1, 3]);
});

test.each([
  ["restore", { function: "restore", args: { version: 2 } }],
  ["fork", { function: "fork", args: { version: 2, name: "other" } }],
])("a version that a waiting %s names is not removed before it ran", async (_, call) => {
  const id = await submit(modelId, call);
  const asked = (await retainedVersions(pool, modelId)).filter(({ isAskedFor }) => isAskedFor);
  expect(asked.map(({ version }) => version)).toEqual([2]);
  expect(await markRemoved(pool, modelId, EPOCH, [1, 2, 3])).toEqual([1, 3]);
  await pool.query("UPDATE intent SET status = 'applied' WHERE id = $1", [id]);
  expect(await markRemoved(pool, modelId, EPOCH, [2])).toEqual([2]);
});

test("a version that another model's intent is going to read is not removed, by id or by name", async () => {
  const other = await makeModel(1);
  const reads = {
    a: { model: name, version: 1 },
    b: { model: modelId, version: 2 },
    c: { model: name, version: "latest" },
  };
  await submit(other.modelId, { function: "sql", args: { sql: "SELECT 1", reads } });
  await submit(other.modelId, { function: "sql", args: { sql: "SELECT 1" } });
  expect(await markRemoved(pool, modelId, EPOCH, [1, 2, 3])).toEqual([3]);
});

test("a name belongs to one version of a model, and only to one that is kept", async () => {
  expect(await setVersionName(pool, modelId, 2, "Q3 close")).toBe(true);
  await expect(setVersionName(pool, modelId, 3, "Q3 close")).rejects.toMatchObject({
    code: "version_name_taken",
  });
  const other = await makeModel(1);
  expect(await setVersionName(pool, other.modelId, 1, "Q3 close")).toBe(true);
  await markRemoved(pool, modelId, EPOCH, [1]);
  expect(await setVersionName(pool, modelId, 1, "too late")).toBe(false);
  expect(await setVersionName(pool, modelId, 9, "too early")).toBe(false);
});

test("blocks are kept for versions of every model that may name them, removed ones until their own grace is over", async () => {
  const fork = await makeModel(2, [modelId]);
  await makeModel(2);
  await markRemoved(pool, modelId, EPOCH, [1, 2]);
  await pool.query(
    "UPDATE model_version SET removed_at = now() - interval '61 minutes' WHERE model_id = $1 AND version = 1",
    [modelId],
  );
  const naming = await namingVersions(pool, modelId);
  const of = (id: ModelId, version: number) => `models/${id}/packs/v${version}-e1.pack`;
  expect(
    naming.map(({ pack, isWaiting }) => ({ pack, isWaiting })).toSorted((a, b) => (a.pack < b.pack ? -1 : 1)),
  ).toEqual(
    [
      { pack: of(modelId, 2), isWaiting: true },
      { pack: of(modelId, 3), isWaiting: false },
      { pack: of(modelId, 4), isWaiting: false },
      { pack: of(fork.modelId, 2), isWaiting: false },
    ].toSorted((a, b) => (a.pack < b.pack ? -1 : 1)),
  );
  expect(
    (await retainedVersions(pool, modelId)).filter(({ isOver }) => isOver).map(({ version }) => version),
  ).toEqual([1]);
});

test("a model is looked at by itself only when a policy or something removed calls for it", async () => {
  expect(await wantsCollection(pool, modelId)).toBe(false);
  await setRetention(pool, modelId, { keepLast: 2, keepDays: null, graceMinutes: 5 });
  expect(await wantsCollection(pool, modelId)).toBe(true);
  await setRetention(pool, modelId, { keepLast: null, keepDays: null, graceMinutes: 5 });
  await markRemoved(pool, modelId, EPOCH, [1]);
  expect(await wantsCollection(pool, modelId)).toBe(true);
});
