import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { contentOf } from "@teatree/shared/control-db/versions";
import { expect, test } from "vitest";
import { openedModels } from "../testing/opened-models.ts";
import { sql, type TestModel } from "../testing/test-model.ts";

const models = openedModels();
const compact: FunctionCall = { function: "compact", args: {} };

async function apply(model: TestModel, ...calls: FunctionCall[]) {
  const items = await model.submit(calls);
  await model.drive(items);
  const [job] = await model.intents(items);
  return { job, version: (await model.versions()).at(-1) };
}

async function contents(model: TestModel, version: number | undefined) {
  const rows = await contentOf(model.pool, model.modelId, version ?? 0);
  return rows.map(({ table, rows: count, contentHash, schemaHash }) => [
    table,
    count,
    contentHash,
    schemaHash,
  ]);
}

test("compact makes a smaller file with the same tables, views, indexes and ledger", async () => {
  const model = await models.open();
  await apply(
    model,
    sql(`CREATE TABLE wide AS SELECT range AS n, hash(range) AS h, hash(range + 1) AS i FROM range(500000);
      CREATE TABLE keyed (k INTEGER PRIMARY KEY, v VARCHAR DEFAULT 'x'); INSERT INTO keyed VALUES (1, 'a');
      CREATE INDEX by_v ON keyed (v); CREATE VIEW few AS SELECT n FROM wide LIMIT 10; CREATE SEQUENCE numbers START 7`),
  );
  const before = await apply(
    model,
    sql("CREATE OR REPLACE TABLE wide AS SELECT n, h, i FROM wide WHERE n < 1000"),
  );
  const after = await apply(model, compact);
  expect(after.job).toMatchObject({ status: "applied", error: null, changes: [] });
  expect(after.version?.version).toBe(3);
  expect(after.version?.bytes).toBeLessThan((before.version?.bytes ?? 0) / 2);
  expect(await contents(model, 3)).toEqual(await contents(model, 2));
  expect(await model.read(after.version, "SELECT count(*), max(n) FROM wide")).toEqual([["1000", "999"]]);
  expect(await model.read(after.version, "SELECT count(*) FROM few")).toEqual([["10"]]);
  expect(await model.read(after.version, "SELECT count(*) FROM _teatree.ledger")).toEqual([["3"]]);
  expect((await apply(model, sql("INSERT INTO keyed VALUES (1, 'twice')"))).job?.status).toBe("failed");
  const more = await apply(model, sql("INSERT INTO keyed (k) SELECT nextval('numbers')"));
  expect(await model.read(more.version, "SELECT k, v FROM keyed ORDER BY k")).toEqual([
    [1, "a"],
    [7, "x"],
  ]);
});

test("compact says that foreign keys keep it from copying, and changes nothing", async () => {
  const model = await models.open();
  await apply(
    model,
    sql(`CREATE TABLE referred (a INTEGER PRIMARY KEY); CREATE TABLE a_child (b INTEGER REFERENCES referred (a));
      INSERT INTO referred VALUES (1); INSERT INTO a_child VALUES (1)`),
  );
  const { job, version } = await apply(model, compact);
  expect(job).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("foreign keys") },
  });
  expect(version?.version).toBe(1);
  expect((await apply(model, sql("INSERT INTO a_child VALUES (1)"))).job?.status).toBe("applied");
});
