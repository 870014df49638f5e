import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@teatree/local-stack/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { IntentId, ModelId, NotebookId } from "../contracts/ids.ts";
import { addArchivePart, archivePartsOf, markArchived, takeArchivedTables } from "./archive-parts.ts";
import { type BatchCommit, commitBatch, type NewVersion } from "./commit-batch.ts";
import { createModel, findModel, modelById } from "./goal-models.ts";
import { countAttempts, intentById, type NewIntent, queuePosition, recordIntents } from "./intents.ts";
import { appendJobEvents, jobEventsAfter, stepsOf } from "./job-events.ts";
import { releaseLease, renewLease, takeLease } from "./leases.ts";
import { migrate } from "./migrate.ts";
import { createNotebook, saveNotebook } from "./notebooks.ts";
import { countUnread, listNotifications, markNotificationsRead } from "./notifications.ts";
import { markPublished, pendingPublishes } from "./outbox.ts";
import { inTransaction, openPool, type Pool } from "./pool.ts";
import { forgetArchiveFile, unnamedArchiveFiles } from "./retention.ts";
import { contentOf, findVersion } from "./versions.ts";

let database: TestDatabase;
let pool: Pool;
let modelId: ModelId;

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
  modelId = ModelId.parse(randomUUID());
  await createModel(pool, { id: modelId, name: `m${modelId.replaceAll("-", "")}`, createdBy: "test" });
});

function newIntent(overrides: Partial<NewIntent> = {}): NewIntent {
  return {
    id: IntentId.parse(randomUUID()),
    function: "append",
    args: { table: "t", rows: [{ a: 1 }] },
    contentHash: "content",
    baseVersion: null,
    notebookId: null,
    retryOf: null,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ...overrides,
  };
}

async function record(...intents: NewIntent[]) {
  return inTransaction(pool, (db) => recordIntents(db, { modelId, submittedBy: "ada", intents }));
}

const sha = "a".repeat(64);

function firstVersion(intentId: IntentId): NewVersion {
  return {
    version: 1,
    parent: null,
    createdAt: new Date(),
    intents: [intentId],
    bytes: 100_000,
    newBytes: 100_000,
    hash: sha,
    storageVersion: "v1.4.0",
    engineVersion: "v1.5.6",
    file: `${modelId}/v1-e1.duckdb`,
    pack: `models/${modelId}/packs/v1-e1.pack`,
    packBytes: 90_000,
    packModels: [modelId],
    content: [
      {
        table: "odd “name”",
        rows: 1,
        rowsDelta: 1,
        columns: [{ name: "a", type: "BIGINT", nullable: true }],
        schemaHash: sha,
        contentHash: sha,
        changed: true,
        writtenBy: intentId,
        writtenVersion: 1,
        derivedFrom: ["other"],
        appendedFrom: null,
      },
    ],
  };
}

function commitOf(intentId: IntentId, overrides: Partial<BatchCommit> = {}): BatchCommit {
  return {
    modelId,
    epoch: 1,
    baseVersion: 0,
    position: 7,
    version: firstVersion(intentId),
    outcomes: [
      {
        intentId,
        status: "applied",
        version: 1,
        finishedAt: new Date(),
        changes: [{ table: "odd “name”", rowsBefore: null, rowsAfter: 1 }],
        result: null,
        error: null,
      },
    ],
    notifications: [
      { id: randomUUID(), jobId: intentId, version: 1, kind: "applied", title: "t", summary: "s" },
    ],
    ...overrides,
  };
}

describe("migrate", () => {
  test("runs once however many processes start at the same time", async () => {
    await using fresh = await createTestDatabase();
    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(fresh.databaseUrl)));
    expect(runs.filter((run) => run.applied.length > 0)).toHaveLength(1);
  });

  test("refuses a database that newer code has migrated", async () => {
    await using fresh = await createTestDatabase();
    await migrate(fresh.databaseUrl);
    const newer = openPool(fresh.databaseUrl, { applicationName: "test" });
    await newer.query("INSERT INTO migration (number, name) VALUES (9999, '9999-later.sql')");
    await newer.end();
    await expect(migrate(fresh.databaseUrl)).rejects.toThrow(/9999-later.*newer release/s);
  });
});

describe("models", () => {
  test("are found by id and by name, and a taken name is refused", async () => {
    const byId = await findModel(pool, modelId.toUpperCase());
    expect(byId?.id).toBe(modelId);
    const name = byId?.name ?? "";
    expect((await findModel(pool, name))?.id).toBe(modelId);
    const again = createModel(pool, { id: ModelId.parse(randomUUID()), name, createdBy: "test" });
    await expect(again).rejects.toMatchObject({ code: "model_exists", status: 409 });
  });
});

describe("intents", () => {
  test("sent with the same id by many callers at once become one row and one outbox row", async () => {
    const intent = newIntent();
    const answers = await Promise.all(Array.from({ length: 8 }, () => record(intent)));
    expect(answers.filter(([answer]) => answer?.outcome === "new")).toHaveLength(1);
    expect(answers.filter(([answer]) => answer?.outcome === "same")).toHaveLength(7);
    const waiting = await pendingPublishes(pool, { olderThanMs: -1000, limit: 1000 });
    expect(waiting.filter((row) => row.id === intent.id)).toHaveLength(1);
  });

  test("with the id of another content are a conflict", async () => {
    const intent = newIntent();
    await record(intent);
    const [answer] = await record({ ...intent, contentHash: "another" });
    expect(answer?.outcome).toBe("conflict");
  });

  test("leave the outbox in the order they were recorded, and count their place in the queue by the stream", async () => {
    const intents = [newIntent(), newIntent(), newIntent()];
    await record(...intents);
    const ids = intents.map((intent) => intent.id);
    const waiting = await pendingPublishes(pool, { olderThanMs: -1000, limit: 1000 });
    expect(waiting.map((row) => row.id).filter((id) => ids.includes(id))).toEqual(ids);
    await markPublished(
      pool,
      ids.map((intentId, index) => ({ intentId, sequence: 100 - index })),
    );
    const places = await Promise.all(ids.map((id) => queuePosition(pool, { id, modelId })));
    expect(places).toEqual([3, 2, 1]);
  });

  test("count each attempt before it is made, until they are final", async () => {
    const intent = newIntent();
    await record(intent);
    expect((await countAttempts(pool, [intent.id])).get(intent.id)).toBe(0);
    expect((await countAttempts(pool, [intent.id])).get(intent.id)).toBe(1);
    await takeLease(pool, { modelId, holder: "a", ttlMs: 10_000 });
    await commitBatch(pool, commitOf(intent.id));
    expect((await countAttempts(pool, [intent.id])).size).toBe(0);
  });
});

describe("the lease", () => {
  test("has one holder, and each taking raises the epoch", async () => {
    expect(await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 })).toEqual({ epoch: 1 });
    expect(await takeLease(pool, { modelId, holder: "b", ttlMs: 60_000 })).toBeNull();
    expect(await takeLease(pool, { modelId, holder: "b", ttlMs: 60_000, deadHolder: "a" })).toEqual({
      epoch: 2,
    });
    expect(await renewLease(pool, { modelId, epoch: 1, ttlMs: 60_000 })).toBe(false);
    await releaseLease(pool, { modelId, epoch: 2 });
    expect(await takeLease(pool, { modelId, holder: "c", ttlMs: 60_000 })).toEqual({ epoch: 3 });
  });

  test("that has run out cannot be renewed, even when nobody took it", async () => {
    await takeLease(pool, { modelId, holder: "a", ttlMs: 0 });
    expect(await renewLease(pool, { modelId, epoch: 1, ttlMs: 60_000 })).toBe(false);
  });
});

describe("the compare-and-set", () => {
  test("makes version, content, outcome, notification and position visible together, once", async () => {
    const intent = newIntent();
    await record(intent);
    await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 });
    const batch = commitOf(intent.id);
    expect(await commitBatch(pool, batch)).toBe("committed");
    expect(await commitBatch(pool, batch)).toBe("committed");

    expect(await modelById(pool, modelId)).toMatchObject({ currentVersion: 1, position: 7 });
    expect(await findVersion(pool, modelId, "latest")).toMatchObject({ version: 1, intents: [intent.id] });
    expect(await contentOf(pool, modelId, 1)).toMatchObject([
      { table: "odd “name”", derivedFrom: ["other"] },
    ]);
    expect(await intentById(pool, intent.id)).toMatchObject({ status: "applied", version: 1, progress: 1 });
    const notifications = await listNotifications(pool, {
      reader: "ada",
      modelId,
      limit: 10,
      order: "oldest",
      afterSeq: 0,
    });
    expect(notifications.map((notification) => notification.seq)).toEqual([1]);
  });

  test("of an older epoch is lost and writes nothing", async () => {
    const intent = newIntent();
    await record(intent);
    await takeLease(pool, { modelId, holder: "a", ttlMs: 0 });
    await takeLease(pool, { modelId, holder: "b", ttlMs: 60_000 });
    expect(await commitBatch(pool, commitOf(intent.id))).toBe("lost");
    expect(await modelById(pool, modelId)).toMatchObject({ currentVersion: 0, position: 0 });
    expect(await intentById(pool, intent.id)).toMatchObject({ status: "queued" });
  });

  test("on another version than the current one is lost", async () => {
    const intent = newIntent();
    await record(intent);
    await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 });
    expect(await commitBatch(pool, commitOf(intent.id, { baseVersion: 4 }))).toBe("lost");
  });

  test("without a version moves the position and leaves the version", async () => {
    const intent = newIntent();
    await record(intent);
    await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 });
    const failed = commitOf(intent.id, {
      version: null,
      outcomes: [
        {
          intentId: intent.id,
          status: "failed",
          version: null,
          finishedAt: new Date(),
          changes: [],
          result: null,
          error: { code: "sql_error", message: "no such table", line: 2, column: 8 },
        },
      ],
    });
    expect(await commitBatch(pool, failed)).toBe("committed");
    expect(await modelById(pool, modelId)).toMatchObject({ currentVersion: 0, position: 7 });
    expect((await intentById(pool, intent.id))?.error).toMatchObject({ line: 2, column: 8 });
  });
});

test("the archive of a version is recorded per table and moves archived_version up", async () => {
  const intent = newIntent();
  await record(intent);
  await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 });
  await commitBatch(pool, commitOf(intent.id));
  const part = { table: "odd “name”", key: "k", rows: 1, bytes: 12, sha256: sha };
  await addArchivePart(pool, modelId, 1, part);
  await markArchived(pool, modelId, 1, null);
  expect(await archivePartsOf(pool, modelId, 1)).toEqual([{ ...part, part: 1, version: 1 }]);
  expect(await modelById(pool, modelId)).toMatchObject({ archivedVersion: 1 });
});

test("parts of a table are shared by versions, branch off, and are forgotten when only removed versions name them", async () => {
  await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 });
  const table = "odd “name”";
  const contentHashes = ["a", "b", "c", "a", "d"];
  for (const [index, contentHash] of contentHashes.entries()) {
    const intent = newIntent();
    await record(intent);
    const version = firstVersion(intent.id);
    const content = version.content.map((row) => ({ ...row, contentHash }));
    const numbered = { version: index + 1, parent: index === 0 ? null : index, content };
    const commit = { baseVersion: index, position: index + 1, version: { ...version, ...numbered } };
    await commitBatch(pool, commitOf(intent.id, commit));
  }
  const add = async (version: number, key: string, from: number | null) => {
    const [row] = from === null ? [] : await contentOf(pool, modelId, from);
    const base = { series: row?.archiveSeries ?? 0, parts: row?.archiveParts ?? 0 };
    const part = { table, key, rows: 1, bytes: 5, sha256: sha };
    await addArchivePart(pool, modelId, version, part, from === null ? null : base);
  };
  const keys = async (version: number) =>
    (await archivePartsOf(pool, modelId, version)).map(({ key }) => key).join();
  await add(1, `${modelId}/1`, null);
  await add(2, `${modelId}/2`, 1);
  await add(3, `${modelId}/3`, 2);
  await takeArchivedTables(pool, modelId, 4);
  await add(5, `${modelId}/5`, 4);
  const [k1, k2, k3, k5] = [1, 2, 3, 5].map((n) => `${modelId}/${n}`);
  expect(await Promise.all([1, 2, 3, 4, 5].map(keys))).toEqual([
    k1,
    `${k1},${k2}`,
    `${k1},${k2},${k3}`,
    k1,
    `${k1},${k5}`,
  ]);
  for (const version of [1, 2, 3, 4, 5]) {
    await markArchived(pool, modelId, version, { key: `${modelId}/record-${version}`, bytes: 9 });
  }
  await pool.query(
    "UPDATE model_version SET removed_at = now() - interval '1 day' WHERE model_id = $1 AND version IN (1, 3)",
    [modelId],
  );
  const unnamed = async () => (await unnamedArchiveFiles(pool, modelId)).map(({ key }) => key).sort();
  const gone = [k3, `${modelId}/record-1`, `${modelId}/record-3`];
  expect(await unnamed()).toEqual(gone);
  for (const key of gone) await forgetArchiveFile(pool, modelId, key ?? "");
  expect(await unnamed()).toEqual([]);
  expect(await Promise.all([2, 3, 5].map(keys))).toEqual([`${k1},${k2}`, "", `${k1},${k5}`]);
});

test("job events are read in order from any id on, and a repeated step shows its last time", async () => {
  const intent = newIntent();
  await record(intent);
  const at = new Date().toISOString();
  const step = { name: "apply", startedAt: at, durationMs: 1 } as const;
  await appendJobEvents(pool, [
    { intentId: intent.id, event: { kind: "log", at, level: "info", step: "apply", line: "begin “ü”" } },
    { intentId: intent.id, event: { kind: "step", at, step } },
    { intentId: intent.id, event: { kind: "step", at, step: { ...step, durationMs: 2 } } },
  ]);
  const events = await jobEventsAfter(pool, intent.id, { afterId: 0, limit: 100 });
  expect(events.map(({ event }) => event.kind)).toEqual(["state", "log", "step", "step"]);
  const [first] = events;
  const rest = await jobEventsAfter(pool, intent.id, { afterId: first?.id ?? 0, limit: 100 });
  expect(rest).toHaveLength(3);
  expect(await stepsOf(pool, intent.id)).toEqual([{ ...step, durationMs: 2 }]);
});

test("notifications are unread for each reader until that reader reads them", async () => {
  const intent = newIntent();
  await record(intent);
  await takeLease(pool, { modelId, holder: "a", ttlMs: 60_000 });
  const before = await countUnread(pool, "ada");
  await commitBatch(pool, commitOf(intent.id));
  expect(await countUnread(pool, "ada")).toBe(before + 1);
  const [newest] = await listNotifications(pool, { reader: "ada", modelId, limit: 1, order: "newest" });
  await markNotificationsRead(pool, "ada", newest ? [newest.id] : []);
  expect(await countUnread(pool, "ada")).toBe(before);
  const unread = await listNotifications(pool, {
    reader: "bob",
    modelId,
    unread: true,
    limit: 9,
    order: "newest",
  });
  expect(unread).toHaveLength(1);
});

test("a notebook saved on an older revision is refused and names the one that stands", async () => {
  const id = NotebookId.parse(randomUUID());
  const notebook = { id, title: "n", model: null, body: "one" };
  await createNotebook(pool, { ...notebook, createdBy: "ada" });
  expect(await saveNotebook(pool, { ...notebook, body: "two", revision: 1 })).toMatchObject({ revision: 2 });
  await expect(saveNotebook(pool, { ...notebook, body: "three", revision: 1 })).rejects.toMatchObject({
    code: "revision_conflict",
    details: { revision: 2 },
  });
});
