import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestWriter, type TestWriter } from "../writer/testing/test-writer.ts";

let model: TestWriter;
beforeAll(async () => {
  model = await openTestWriter();
});
afterAll(() => model.close());
beforeEach(async () => {
  await model.run("sql", {
    sql: `CREATE OR REPLACE TABLE t (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 0);
          CREATE OR REPLACE TABLE other (id INTEGER);
          INSERT INTO t (id) VALUES (1), (2)`,
  });
});

test.each<[string, string[]]>([
  ["INSERT INTO t (id) VALUES (3), (4)", ["t"]],
  ["insert into model.main.t BY NAME SELECT 9 AS id", ["t"]],
  ["INSERT INTO t SELECT id + 10, n FROM t; SELECT count(*) FROM t", ["t"]],
  ["INSERT OR REPLACE INTO t VALUES (1, 5)", []],
  ["INSERT INTO t VALUES (1, 5) ON CONFLICT DO UPDATE SET n = 5", []],
  ["INSERT INTO t VALUES (1, 5) ON CONFLICT DO NOTHING", []],
  ["INSERT INTO t (id) VALUES (3) RETURNING id", []],
  ["WITH x AS (SELECT 3 AS id) INSERT INTO t (id) SELECT id FROM x", []],
  ["INSERT INTO t (id) VALUES (3); UPDATE t SET n = 1", []],
  ["DELETE FROM t WHERE id = 1; INSERT INTO t (id) VALUES (1)", []],
  ["INSERT INTO t (id) VALUES (3); INSERT INTO other VALUES (3)", []],
  ["CREATE TEMP TABLE t2 (id INTEGER); INSERT INTO t (id) VALUES (3)", []],
  ["ALTER TABLE t ADD COLUMN more INTEGER; INSERT INTO t (id) VALUES (3)", []],
  ["UPDATE t SET n = 1", []],
])("what %s only added to is %j", async (sql, expected) => {
  const outcome = await model.run("sql", { sql });
  expect(outcome).toMatchObject({ status: "applied", appended: expected });
  const [[count] = []] = await model.rows("SELECT count(*) FROM t");
  const change = outcome.changes.find(({ table }) => table === "t");
  expect(Number(count)).toBe(change?.rowsAfter ?? 2);
});

test("append and an appending import only add, with a file as well; a first append makes the table", async () => {
  const upload = () => model.upload("rows.csv", "id,n\n7,1\n8,2\n");
  const file = upload();
  const outcomes = [
    await model.run("append", { table: "t", rows: [{ id: 5 }] }),
    await model.run("append", { table: "t", uploadId: file.uploadId }, { uploads: file.uploads }),
    await model.run("append", { table: "fresh", rows: [{ a: 1 }] }),
    await model.run("update", { table: "t", set: { n: 3 }, where: { id: 5 } }),
  ];
  const more = model.upload("more.csv", "id,n\n17,1\n");
  const args = { table: "t", uploadId: more.uploadId, mode: "append" };
  outcomes.push(await model.run("import", args, { uploads: more.uploads }));
  expect(outcomes.map(({ appended }) => appended)).toEqual([["t"], ["t"], [], [], ["t"]]);
  expect(outcomes.map(({ changes }) => changes[0]?.rowsAfter)).toEqual([3, 5, 1, 5, 6]);
});
