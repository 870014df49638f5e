import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { findModel } from "@teatree/shared/control-db/goal-models";
import { contentOf, findVersion, listVersions } from "@teatree/shared/control-db/versions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestModel, sql, type TestModel } from "../testing/test-model.ts";
import { forkedModelId } from "./file-functions.ts";

let model: TestModel;

beforeAll(async () => {
  model = await openTestModel();
  await model.start();
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
});

/** Applies calls as one batch; gives their jobs. */
async function apply(...calls: FunctionCall[]) {
  const items = await model.submit(calls);
  await model.drive(items);
  return model.intents(items);
}

const restore = (version: number): FunctionCall => ({ function: "restore", args: { version } });
const fork = (version: number, name: string): FunctionCall => ({ function: "fork", args: { version, name } });

const current = async () => (await model.versions()).at(-1);
const contents = async (version: number) =>
  (await contentOf(model.pool, model.modelId, version)).map(({ table, rows, contentHash, schemaHash }) => [
    table,
    rows,
    contentHash,
    schemaHash,
  ]);

describe("restore", () => {
  test("brings back tables, views, macros, sequences, types, indexes and comments, stores next to nothing, keeps the ledger", async () => {
    await apply(
      sql(`CREATE SEQUENCE seq START 5; CREATE TYPE mood AS ENUM ('a', 'b''c');
        CREATE TABLE "pa""rent" (a INTEGER PRIMARY KEY, m mood DEFAULT 'a', c INTEGER DEFAULT nextval('seq'), g INTEGER GENERATED ALWAYS AS (a + 1));
        INSERT INTO "pa""rent" (a) VALUES (1), (2);
        CREATE TABLE child (id INTEGER, "p x" INTEGER REFERENCES "pa""rent" (a)); INSERT INTO child VALUES (1, 1);
        CREATE TABLE big AS SELECT range AS n, hash(range) AS h FROM range(200000);
        CREATE INDEX ix ON child (id); COMMENT ON COLUMN child.id IS 'it''s';
        CREATE VIEW second AS FROM child; CREATE VIEW first_one AS FROM second;
        CREATE MACRO plus(a, b := 2) AS a + b; CREATE MACRO of_id(i) AS TABLE SELECT * FROM child WHERE id = i`),
    );
    const kept = await current();
    await apply(
      sql(`DROP VIEW first_one; DROP MACRO plus; DROP TABLE child; CREATE TABLE extra AS SELECT 1 AS x; DROP TABLE "pa""rent";
        CREATE TABLE child AS SELECT 'other' AS x; CREATE MACRO other() AS 1; UPDATE big SET h = h // 3`),
      sql("INSERT INTO nowhere VALUES (1)"),
    );
    const [job] = await apply(restore(kept?.version ?? 0));
    expect(job).toMatchObject({ status: "applied", error: null });
    expect(job?.changes).toContainEqual({ table: "extra", rowsBefore: 1, rowsAfter: null });
    const restored = await current();
    expect(restored?.version).toBe((kept?.version ?? 0) + 2);
    expect(restored?.parent).toBe((kept?.version ?? 0) + 1);
    expect(await contents(restored?.version ?? 0)).toEqual(await contents(kept?.version ?? 0));
    expect(restored?.newBytes).toBeLessThan((kept?.newBytes ?? 0) / 3);
    expect(
      await model.read(
        restored,
        "SELECT plus(1), (SELECT count(*) FROM first_one), (SELECT count(*) FROM of_id(1))",
      ),
    ).toEqual([[3, "1", "1"]]);
    expect(await model.read(restored, 'SELECT a, m, c, g FROM "pa""rent" ORDER BY a')).toEqual([
      [1, "a", 5, 2],
      [2, "a", 6, 3],
    ]);
    expect(await model.read(restored, "SELECT count(*) FROM _teatree.ledger")).toEqual([["4"]]);
    const [refused, gone] = await apply(sql("INSERT INTO child VALUES (9, 99)"), sql("SELECT other()"));
    expect([refused?.status, gone?.status]).toEqual(["failed", "failed"]);
    expect(await model.stored.fault(restored ?? never())).toBeNull();
  });

  test("stands in the middle of a batch, on what the intents before it made, under those behind it", async () => {
    await apply(sql("CREATE TABLE counted AS SELECT 1 AS n"));
    const base = (await current())?.version ?? 0;
    const jobs = await apply(
      sql("INSERT INTO counted VALUES (2)"),
      restore(base),
      sql("INSERT INTO counted VALUES (3)"),
      sql("INSERT INTO counted VALUES (4)"),
    );
    expect(jobs.map((job) => [job.status, job.version])).toEqual([
      ["applied", base + 1],
      ["applied", base + 2],
      ["applied", base + 3],
      ["applied", base + 3],
    ]);
    expect(await model.read(await current(), "SELECT n FROM counted ORDER BY n")).toEqual([[1], [3], [4]]);
  });

  test("of the current version, or of one that never was, is refused and changes nothing", async () => {
    const before = await current();
    const [same, never] = await apply(restore(before?.version ?? 0), restore(4_000));
    expect(same).toMatchObject({ status: "failed", error: { code: "version_current" } });
    expect(never).toMatchObject({ status: "failed", error: { code: "version_not_found" } });
    expect((await current())?.version).toBe(before?.version);
  });

  test("cut off by SIGKILL at any moment happens once", async () => {
    await apply(sql("CREATE OR REPLACE TABLE counted AS SELECT range AS n FROM range(1000)"));
    const base = (await current())?.version ?? 0;
    for (const delayMs of [5, 30, 60, 100]) {
      const items = await model.submit([sql("DELETE FROM counted WHERE n % 2 = 0"), restore(base)]);
      const sending = model.send(items).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      model.living()?.child.kill("SIGKILL");
      await sending;
      await model.drive(items);
      expect((await model.intents(items)).map((job) => job.status)).toEqual(["applied", "applied"]);
      expect(await model.read(await current(), "SELECT count(*), sum(n)::INT FROM counted")).toEqual([
        ["1000", 499_500],
      ]);
    }
    const numbers = (await model.versions()).map(({ version }) => version);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    for (const version of await model.versions()) expect(await model.stored.fault(version)).toBeNull();
    expect(await readdir(join(model.servers.home, "work", model.modelId))).not.toContain(
      expect.stringContaining("building"),
    );
  }, 180_000);
});

describe("fork", () => {
  test("is a model of its own that begins with the version, shares its blocks and goes its own way", async () => {
    await apply(sql("CREATE OR REPLACE TABLE big AS SELECT range AS n, hash(range) AS h FROM range(300000)"));
    const source = await current();
    const before = (await model.versions()).length;
    const [job] = await apply(fork(source?.version ?? 0, "flights-copy"));
    expect(job).toMatchObject({ status: "applied", version: null, error: null });
    expect(job?.result?.rows).toEqual([["flights-copy", 1]]);
    expect((await model.versions()).length).toBe(before);

    const forked = await findModel(model.pool, "flights-copy");
    expect(forked?.id).toBe(forkedModelId(job?.id ?? ""));
    expect(forked?.currentVersion).toBe(1);
    const [first] = await listVersions(model.pool, forked?.id ?? model.modelId, { limit: 10 });
    expect(first?.newBytes).toBeLessThan((source?.bytes ?? 0) / 5);
    expect(first?.packModels).toContain(model.modelId);
    expect(await model.stored.fault(first ?? never())).toBeNull();
    expect(
      await model.read(first, "SELECT count(*), (SELECT model::VARCHAR FROM _teatree.version_info) FROM big"),
    ).toEqual([["300000", forked?.id]]);
    await apply(sql("DROP TABLE big"));
    expect(await model.read(first, "SELECT count(*) FROM big")).toEqual([["300000"]]);
  });

  test("onto a taken name, or of a version that never was, is refused", async () => {
    const [taken, never] = await apply(fork(1, "flights"), fork(4_000, "nowhere"));
    expect(taken).toMatchObject({ status: "failed", error: { code: "model_exists" } });
    expect(never).toMatchObject({ status: "failed", error: { code: "version_not_found" } });
    expect(await findModel(model.pool, "nowhere")).toBeNull();
  });

  test("cut off by SIGKILL at any moment makes one model", async () => {
    const version = (await current())?.version ?? 0;
    for (const [index, delayMs] of [10, 60, 120].entries()) {
      const items = await model.submit([fork(version, `killed-${index}`)]);
      const sending = model.send(items).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      model.living()?.child.kill("SIGKILL");
      await sending;
      await model.drive(items);
      expect((await model.intents(items))[0]).toMatchObject({ status: "applied" });
      const made = await findModel(model.pool, `killed-${index}`);
      const first = await findVersion(model.pool, made?.id ?? model.modelId, 1);
      expect(await model.stored.fault(first ?? never())).toBeNull();
    }
  }, 180_000);
});

function never(): never {
  throw new Error("there is no such version");
}
