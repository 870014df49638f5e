import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { familyOf } from "./process-memory.ts";
import { startTestRunner, type TestRunner } from "./testing/start-test-runner.ts";

const LIMITS = { timeoutMs: 5000, rows: 1000, bytes: 1_000_000 };
/** Polars at work that no one but the parent can stop. */
const ENDLESS = `let f = tables.flights.select("id");
for (const n of [1, 2, 3, 4]) f = f.join(tables.flights.select("id"), { how: "cross", suffix: "_" + n });
f.select(pl.col("id").sum())`;

let sandbox: TestRunner;
beforeAll(async () => {
  sandbox = await startTestRunner();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

test("a transform reads tables, its own and others', and says what it did", async () => {
  const code = `({ pl, tables, params }) =>
    tables.flights.filter(pl.col("delay").gt(params.most)).groupBy("carrier").agg(pl.len().alias("n"))
      .join(tables.other.flights.select("carrier").unique(), { on: "carrier" })`;
  const answer = await sandbox.run(code, { params: { most: 15 } });
  expect(answer).toMatchObject({
    rows: 7,
    columns: [
      { name: "carrier", type: "String" },
      { name: "n", type: "UInt32" },
    ],
    tablesRead: ["flights", "other.flights"],
    isolation: await sandbox.runner.isolation(),
  });
  expect(answer.bytes).toBeGreaterThan(100);
  expect(answer.peakRssBytes).toBeGreaterThan(50_000_000);
});

test.each([
  ["an expression of its own", "tables.flights.select(pl.len().alias('n'))"],
  ["a default export", "export default ({ tables }: Given) => tables.flights.select('id').limit(1);"],
  ["an async function", "async ({ tables }) => (await tables.flights.collect()).head(1)"],
  ["statements before the last expression", "const rows: number = 1;\ntables.flights.limit(rows)"],
  [
    "functions taken out of pl",
    "({ pl: { col, lit }, tables }) => tables.flights.select(col('id').eq(lit(1)).sum())",
  ],
  ["a frame of values", "pl.DataFrame({ a: [1], b: ['x'] })"],
  [
    "a join by inequality, which the streaming engine cannot run",
    `pl.DataFrame({ a: [1, 5] }).lazy().join(pl.DataFrame({ least: [3] }).lazy(), { how: "cross" })
       .filter(pl.col("a").gt(pl.col("least")))`,
  ],
])("code may be %s", async (_, code) => {
  expect((await sandbox.run(code)).rows).toBe(1);
});

test("whole numbers stay whole, of every size", async () => {
  const code = `pl.DataFrame({ a: [1, null], b: [-5n, 9007199254740993n] }).withColumns(
    pl.col("a").add(1).alias("sum"), pl.lit(-7n).alias("minus"), pl.lit(-9007199254740993n).cast(pl.Utf8).alias("far"),
    pl.lit(3000000000).alias("big"), pl.lit(1.5).alias("part"), pl.col("a").div(2).alias("half"))`;
  const { columns } = await sandbox.run(code);
  expect(columns.map(({ type }) => type).join(" ")).toBe(
    "Int64 Int64 Int64 Int64 String Int64 Float64 Float64",
  );
  const [first] = await sandbox.records(code);
  expect(first).toMatchObject({
    sum: 2,
    minus: -7,
    far: "-9007199254740993",
    big: 3_000_000_000,
    part: 1.5,
    half: 0.5,
  });
});

test("DuckDB reads every type that a result may have", async () => {
  const code = `tables.base.select(
    pl.col("id"), pl.col("n"), pl.col("k"), pl.col("b"), pl.col("d"), pl.col("l"),
    pl.col("d").cast(pl.Date).alias("date"), pl.col("d").cast(pl.Time).alias("time"), pl.col("id").cast(pl.Int8).alias("i8"),
    pl.col("id").cast(pl.UInt64).alias("u64"), pl.col("n").cast(pl.Float32).alias("f32"), pl.col("id").cast(pl.Decimal(10, 2)).alias("money"),
    pl.col("k").cast(pl.Categorical).alias("category"), pl.struct([pl.col("id"), pl.col("k")]).alias("st"),
    pl.col("d").dt.replaceTimeZone("UTC").alias("instant"), pl.lit("6869").str.decode("hex").alias("bytes"))`;
  const { columns } = await sandbox.run(code);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const result = await connection.run(`DESCRIBE SELECT * FROM '${join(sandbox.folder, "out.parquet")}'`);
  const types = (await result.getRows()).map((row) => row[1]);
  expect(
    Object.fromEntries(columns.map(({ name, type }, index) => [`${name}: ${type}`, types[index]])),
  ).toEqual({
    "id: Int64": "BIGINT",
    "n: Float64": "DOUBLE",
    "k: String": "VARCHAR",
    "b: Bool": "BOOLEAN",
    "d: Datetime(ms)": "TIMESTAMP",
    "l: List(Float64)": "DOUBLE[]",
    "date: Date": "DATE",
    "time: Time": "TIME_NS",
    "i8: Int8": "TINYINT",
    "u64: UInt64": "UBIGINT",
    "f32: Float32": "FLOAT",
    "money: Decimal(10, 2)": "DECIMAL(10,2)",
    "category: Categorical": "VARCHAR",
    "st: Struct(id: Int64, k: String)": "STRUCT(id BIGINT, k VARCHAR)",
    "instant: Datetime(ms, UTC)": "TIMESTAMP WITH TIME ZONE",
    "bytes: Binary": "BLOB",
  });
  connection.closeSync();
});

test("a column's name hides no method, in user code or within Polars", async () => {
  const code = `pl.DataFrame({ filter: [3, 1], height: [1, 2], lazy: [0, 0], select: [5, 6] })
    .filter(pl.col("filter").gt(1)).sort("height").withColumn(pl.col("filter").add(1).alias("next"))`;
  expect(await sandbox.records(code)).toEqual([{ filter: 3, height: 1, lazy: 0, select: 5, next: 4 }]);
});

test.each([
  [
    "an unknown column",
    "({ pl, tables }) =>\n  tables.flights\n    .filter(pl.col('nope').gt(1))\n    .limit(1)",
    3,
    6,
  ],
  [
    "a later step",
    "({ pl, tables }: Given) => {\n  const all = tables.flights as LazyFrame;\n  return all.select('id').sort('delay');\n}",
    3,
    27,
  ],
  ["an aggregation", "tables.flights.groupBy('nope').agg(pl.len())", 1, 32],
  ["an unknown method", "tables.flights\n  .query('x')", 2, 4],
  ["a wrong argument", "const e: Expr = pl.col('id');\n\n  pl.when(e).then(1)", 3, 14],
  ["a syntax error", "tables.flights\n  .filter(,)", 2, 11],
  ["a mistake that only QuickJS finds", "const a = 1;\nconst a = 2;", 2, 9],
  [
    "an error in a promise",
    "export default async ({ tables }) => {\n  await null;\n  return tables.flights.select('nope');\n}",
    3,
    25,
  ],
  ["an error of the user's own", "throw new Error('no such carrier')", 1, 11],
])("%s is shown where it is", async (_, code, line, column) => {
  const { code: kind, details } = await sandbox.failure(code);
  expect({ kind, line: details.line, column: details.column }).toEqual({
    kind: "polars_error",
    line,
    column,
  });
});

test("Polars' message comes in one line and without a path", async () => {
  const { message } = await sandbox.failure("tables.flights.select('nope')");
  expect(message).toBe('not found: unable to find column "nope"; valid columns: ["id", "delay", "carrier"]');
});

test("an error that shows only at work is the user's too", async () => {
  const failure = await sandbox.failure("tables.flights.select(pl.col('carrier').cast(pl.Int64, true))");
  expect(failure.code).toBe("polars_error");
  expect(failure.message).toMatch(/conversion|cast/);
});

test.each([
  ["rows", "tables.flights", { ...LIMITS, rows: 999 }, "result_too_large"],
  ["rows of a frame", "tables.flights.collectSync()", { ...LIMITS, rows: 999 }, "result_too_large"],
  ["bytes", "tables.flights", { ...LIMITS, bytes: 1000 }, "result_too_large"],
  ["time in the code", "for (;;) {}", { ...LIMITS, timeoutMs: 200 }, "query_timeout"],
  ["time in Polars", ENDLESS, { ...LIMITS, timeoutMs: 400 }, "query_timeout"],
  [
    "objects",
    "for (let i = 0; i < 1e6; i++) pl.len()",
    { ...LIMITS, timeoutMs: 30_000 },
    "invalid_arguments",
  ],
  [
    "the code's own memory",
    "const a = []; for (;;) a.push(new Array(10_000).fill(0))",
    LIMITS,
    "out_of_memory",
  ],
  [
    "memory in Polars",
    "pl.select(pl.intRange(0, 200_000_000).alias('i')).lazy().select(pl.col('i').shuffle(1)).sort('i')",
    { ...LIMITS, timeoutMs: 20_000 },
    "out_of_memory",
  ],
])("a limit holds: %s", { timeout: 40_000 }, async (_, code, limits, expected) => {
  const failure = await sandbox.failure(code, { limits, out: join(sandbox.folder, "limited.parquet") });
  expect(`${failure.code}: ${failure.message}`).toMatch(new RegExp(`^${expected}: `));
  expect(existsSync(join(sandbox.folder, "limited.parquet"))).toBe(false);
});

test("a run is cancelled at once, also while Polars works", async () => {
  const stopping = new AbortController();
  const running = sandbox.runner.run(
    {
      code: ENDLESS,
      params: {},
      tables: {
        flights: { path: join(sandbox.folder, "flights.parquet"), columns: ["id", "delay", "carrier"] },
      },
      out: join(sandbox.folder, "cancelled.parquet"),
      limits: { ...LIMITS, timeoutMs: 30_000 },
    },
    stopping.signal,
  );
  setTimeout(() => stopping.abort(), 500);
  await expect(running).rejects.toMatchObject({ code: "cancelled" });
});

test("a child that dies is said to have crashed, and the next run works", async () => {
  const running = sandbox.failure(ENDLESS, { limits: { ...LIMITS, timeoutMs: 20_000 } });
  await expect.poll(() => working(), { timeout: 5000 }).toBeGreaterThan(0);
  process.kill(await working(), "SIGKILL");
  expect((await running).code).toBe("crashed");
  expect((await sandbox.run("tables.flights.limit(1)")).rows).toBe(1);
});

test("several runs at a time get a child each", async () => {
  const runs = await Promise.all(
    [1, 2, 3].map((n) =>
      sandbox.runner.run(
        {
          code: `pl.DataFrame({ n: [${n}] })`,
          params: {},
          tables: {},
          out: join(sandbox.folder, `at-once-${n}.parquet`),
          limits: LIMITS,
        },
        new AbortController().signal,
      ),
    ),
  );
  expect(runs.map(({ rows }) => rows)).toEqual([1, 1, 1]);
});

test("stopping ends what runs and leaves no process and no file", async () => {
  const other = await startTestRunner();
  const running = other.failure(ENDLESS, { limits: { ...LIMITS, timeoutMs: 30_000 } });
  await other.runner.isolation();
  await other.runner.stop();
  expect((await running).code).toBe("cancelled");
  expect(await readdir(join(other.folder, "scratch"))).toEqual([]);
  await other[Symbol.asyncDispose]();
});

/** A child that computes: of all that we started, the one with the most processor time. */
async function working(): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  const times = await Promise.all(
    (await familyOf(process.pid)).slice(1).map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      return { pid, ticks: Number(stat.slice(stat.lastIndexOf(")")).split(" ")[12] ?? 0) };
    }),
  );
  const [busiest] = times.filter(({ ticks }) => ticks > 60).sort((a, b) => b.ticks - a.ticks);
  return busiest?.pid ?? 0;
}
