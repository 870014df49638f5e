import { until } from "@teatree/local-stack/polling";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { IntentId } from "@teatree/shared/contracts/ids";
import { contentOf } from "@teatree/shared/control-db/versions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TYPE_SAMPLES } from "../reader/testing/type-samples.ts";
import { openTestModel, sql, type TestModel } from "../testing/test-model.ts";

let model: TestModel;

beforeAll(async () => {
  model = await openTestModel();
  await model.start();
  await apply(
    sql(`CREATE TABLE flights AS
           SELECT range AS id, ['AA', 'BB', 'CC'][1 + (range % 3)::INTEGER] AS carrier, (range * 7) % 60 AS delay
           FROM range(9000);
         CREATE TABLE carriers AS FROM (VALUES ('AA', 'Aa Air'), ('BB', 'Bb Lines')) v(carrier, name)`),
  );
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

type Args = Extract<FunctionCall, { function: "polars" }>["args"];
const polars = (code: string, args: Partial<Args> = {}): FunctionCall => ({
  function: "polars",
  args: { code, mode: "replace", into: "made", ...args },
});
const result = (code: string, args: Partial<Args> = {}) =>
  polars(code, { mode: "result", into: undefined, ...args });

const current = async () => (await model.versions()).at(-1);
const read = async (text: string) => model.read(await current(), text);

async function hasStep(id: string | undefined, name: string): Promise<true | undefined> {
  const { rows } = await model.pool.query(
    "SELECT 1 FROM job_event WHERE intent_id = $1 AND data->'step'->>'name' = $2",
    [id, name],
  );
  return rows.length > 0 ? true : undefined;
}

const BY_CARRIER = `({ pl, tables }) =>
  tables.flights
    .filter(pl.col("delay").gt(15))
    .groupBy("carrier")
    .agg(pl.len().cast(pl.Int64).alias("late"), pl.col("delay").sum().alias("delay"))
    .sort("carrier")`;
const BY_CARRIER_SQL =
  "SELECT carrier, count(*) AS late, sum(delay)::BIGINT AS delay FROM flights WHERE delay > 15 GROUP BY carrier ORDER BY carrier";

describe("a transform", () => {
  test("becomes a table that equals its twin in SQL, derived from what it read, its first page on the job", async () => {
    const [job] = await apply(polars(BY_CARRIER));
    expect(job).toMatchObject({ status: "applied", error: null });
    for (const step of ["hydrate", "plan", "collect", "apply"]) {
      await until(`the step ${step} is told`, () => hasStep(job?.id, step));
    }
    expect(job?.changes).toEqual([{ table: "made", rowsBefore: null, rowsAfter: 3 }]);
    expect(await read("FROM made")).toEqual(await read(BY_CARRIER_SQL));
    expect(job?.result).toMatchObject({
      columns: [{ name: "carrier" }, { name: "late" }, { name: "delay" }],
    });
    const content = await contentOf(model.pool, model.modelId, (await current())?.version ?? 0);
    expect(content.find(({ table }) => table === "made")?.derivedFrom).toEqual(["flights"]);
  });

  test("is added to a table, or only shown", async () => {
    await apply(sql("CREATE OR REPLACE TABLE kept AS SELECT 'ZZ' AS carrier, 1::BIGINT AS n"));
    const count = `({ pl, tables }) => tables.flights.groupBy("carrier").agg(pl.len().cast(pl.Int64).alias("n"))`;
    const [added] = await apply(polars(count, { mode: "append", into: "kept" }));
    expect(added).toMatchObject({ status: "applied", changes: [{ rowsBefore: 1, rowsAfter: 4 }] });
    expect(await read("SELECT sum(n) FROM kept")).toEqual([["9001"]]);
    const [shown] = await apply(result(`({ tables }) => tables.carriers.sort("carrier")`));
    expect(shown).toMatchObject({
      status: "applied",
      changes: [],
      result: {
        rows: [
          ["AA", "Aa Air"],
          ["BB", "Bb Lines"],
        ],
        nextCursor: null,
      },
    });
  });

  test("reads what the intents before it in one batch made, and those behind it read what it made", async () => {
    const jobs = await apply(
      sql("CREATE OR REPLACE TABLE steps AS SELECT 1::BIGINT AS n"),
      polars(`({ pl, tables }) => tables.steps.withColumns(pl.col("n").add(10).alias("n"))`, {
        into: "steps",
      }),
      sql("UPDATE steps SET n = n * 2"),
    );
    expect(jobs.map(({ status }) => status)).toEqual(["applied", "applied", "applied"]);
    expect(await read("FROM steps")).toEqual([["22"]]);
  });

  test("takes parameters, and tables of another model's version", async () => {
    const version = (await current())?.version ?? 0;
    await apply({ function: "fork", args: { version, name: "far" } });
    const [job] = await apply(
      result(
        `({ pl, tables, params }) =>
           tables.far.carriers.join(tables.flights.groupBy("carrier").agg(pl.len().alias("n")), { on: "carrier" })
             .select(pl.col("name"), pl.col("n").gt(params.least).alias("isLarge")).sort("name")`,
        { params: { least: 100 }, reads: { far: { model: "far", version: "latest" } } },
      ),
    );
    expect(job).toMatchObject({ status: "applied", error: null });
    expect(job?.result?.rows).toEqual([
      ["Aa Air", true],
      ["Bb Lines", true],
    ]);
  });
});

describe("a transform that fails", () => {
  test.each([
    [
      "at an unknown column",
      `({ pl, tables }) =>\n  tables.flights.select(pl.col("nothing"))`,
      { code: "polars_error", line: 2 },
    ],
    ["at a syntax error", "({ pl }) => {\n  return (\n}", { code: "polars_error" }],
    ["without a result", "() => undefined", { code: "polars_error" }],
    ["at a table that is not there", "({ tables }) => tables.nowhere", { code: "polars_error" }],
  ])("%s says so, and nothing changes", async (_, code, error) => {
    const before = (await current())?.version;
    const [job] = await apply(polars(code));
    expect(job).toMatchObject({ status: "failed", error });
    expect(JSON.stringify(job?.error)).not.toMatch(/\/tmp|\/work|\.parquet/);
    expect((await current())?.version).toBe(before);
  });

  test("by never ending is cancelled at once, and the next one runs", async () => {
    const items = await model.submit([
      polars("() => { for (;;); }"),
      result(`({ tables }) => tables.carriers`),
    ]);
    const [endless] = items;
    const driven = model.drive(items);
    await until("it is being computed", () => hasStep(endless?.intent.intentId, "hydrate"));
    await model.cancel(IntentId.parse(endless?.intent.intentId));
    await driven;
    expect((await model.intents(items)).map(({ status }) => status)).toEqual(["cancelled", "applied"]);
  });
});

test("cut off by SIGKILL at any moment, its rows are there once", async () => {
  await apply(sql("CREATE TABLE counted AS SELECT 0::BIGINT AS id"));
  const add = `({ pl, tables }) => tables.flights.select("id").limit(10)`;
  for (const [turn, delayMs] of [20, 150, 400, 700].entries()) {
    const items = await model.submit([polars(add, { mode: "append", into: "counted" })]);
    const sending = model.send(items).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    model.living()?.child.kill("SIGKILL");
    await sending;
    await model.drive(items);
    expect((await model.intents(items)).map(({ status }) => status)).toEqual(["applied"]);
    expect(await read("SELECT count(*) FROM counted")).toEqual([[String(11 + turn * 10)]]);
  }
}, 120_000);

describe("types", () => {
  /** The samples of the first two have 39 digits. */
  const REFUSED = ["HUGEINT", "UHUGEINT", 'UNION("num" INTEGER, "str" VARCHAR)'];

  test("every one goes out and comes back equal", async () => {
    const types = Object.entries(TYPE_SAMPLES).filter(([type]) => !REFUSED.includes(type));
    const most = Math.max(...types.map(([, samples]) => samples.length));
    const rows = Array.from({ length: most + 1 }, (_, row) => {
      const values = types.map(([, samples], index) => `${samples[row] ?? "NULL"} AS "c ${index}"`);
      return `SELECT ${values.join(", ")}`;
    });
    const jobs = await apply(
      sql(`CREATE TABLE typed AS ${rows.join(" UNION ALL ")}`),
      polars("({ tables }) => tables.typed", { into: "returned" }),
    );
    expect(jobs).toMatchObject([{ error: null }, { error: null }]);
    const typesOf = `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name`;
    expect(await read(`${typesOf} = 'returned'`)).toEqual(await read(`${typesOf} = 'typed'`));
    for (const [index, [type]] of types.entries()) {
      const column = `"c ${index}"`;
      const differing = await read(
        `(SELECT ${column} FROM typed EXCEPT ALL SELECT ${column} FROM returned)
         UNION ALL (SELECT ${column} FROM returned EXCEPT ALL SELECT ${column} FROM typed)`,
      );
      expect(differing, type).toEqual([]);
    }
  });

  test("one that Polars has no equal of is refused by the name of its column", async () => {
    const made = REFUSED.map((type, index) => {
      const [sample] = TYPE_SAMPLES[type] ?? [];
      return `CREATE TABLE refused_${index} AS SELECT 1 AS fine, ${sample} AS "the value"`;
    });
    const [, ...jobs] = await apply(
      sql(made.join("; ")),
      ...REFUSED.map((_, index) => result(`({ tables }) => tables.refused_${index}`)),
    );
    for (const job of jobs) {
      expect(job.error).toMatchObject({
        code: "invalid_data",
        message: expect.stringContaining("“the value”"),
      });
    }
  });
});
