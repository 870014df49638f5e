import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { FunctionCall } from "@teatree/shared/contracts/functions";
import { Preview } from "@teatree/shared/contracts/preview";
import { signToken } from "@teatree/shared/runtime/tokens";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openedModels } from "../testing/opened-models.ts";
import { differences } from "../testing/same-tables.ts";
import { SECRET, sql, type TestModel } from "../testing/test-model.ts";

const models = openedModels();

const SETUP = `
  CREATE TABLE flights AS SELECT range AS id, 'F' || range AS name, range % 100 AS delay FROM range(1000);
  CREATE TABLE airports (iata VARCHAR PRIMARY KEY, seen BIGINT, tags VARCHAR[]);
  INSERT INTO airports VALUES ('TXL', 1, ['a']), ('FRA', 2, []), ('MUC', 3, NULL)`;
const ENDLESS = "CREATE TABLE never AS SELECT count(*) AS n FROM range(1000000000000) t(i) WHERE i % 7 = 3";

async function openFlights(): Promise<TestModel> {
  const model = await models.open();
  await model.start();
  await model.send(await model.submit([sql(SETUP)]));
  return model;
}

function preview(model: TestModel, call: FunctionCall, baseVersion: number | null = null): Promise<Preview> {
  return model.call("POST", "/preview", "preview", Preview, { call, baseVersion });
}

/** A preview that the caller may walk away from. */
async function begin(model: TestModel, call: FunctionCall) {
  const { managerUrl } = await model.row();
  const token = await signToken(SECRET, { sub: model.modelId, action: "preview" });
  const gone = new AbortController();
  const answer = fetch(`${managerUrl}/preview`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ call, baseVersion: null }),
    signal: gone.signal,
  });
  answer.catch(() => undefined);
  return { answer, hangUp: () => gone.abort() };
}

const touched = ({ tables }: Preview) => tables.filter(({ change }) => change !== "unchanged");
const counts = (told: Preview) =>
  touched(told).map(({ table, added, changed, removed }) => [table, added, changed, removed]);
const workDir = (model: TestModel) => join(model.servers.home, "work", model.modelId);
const copyOf = (model: TestModel, epoch: number) => join(workDir(model), `preview-e${epoch}`);

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}

async function holdsCopy(model: TestModel): Promise<void> {
  const { leaseEpoch } = await model.row();
  await until(
    "the preview runs",
    async () =>
      existsSync(join(copyOf(model, leaseEpoch), "staging", "spill")) ||
      existsSync(join(copyOf(model, leaseEpoch), "staging", "before.duckdb")) ||
      undefined,
    {
      timeoutMs: 10_000,
    },
  );
}

async function everythingKept(model: TestModel) {
  const [row, versions] = [await model.row(), await model.versions()];
  const { rows } = await model.pool.query(
    "SELECT (SELECT count(*) FROM intent) AS intents, (SELECT count(*) FROM notification) AS notifications, (SELECT count(*) FROM audit) AS audit",
  );
  const ledger = await model.read(versions.at(-1), "SELECT count(*), max(sequence) FROM _teatree.ledger");
  return { position: row.position, versions, rows, ledger, files: await filesBelow(model.versionsDir) };
}

describe("a preview", () => {
  const CALLS: [string, unknown, unknown[]][] = [
    ["append", { table: "flights", rows: [{ id: 5000, name: "new", delay: 1 }] }, [["flights", 1, 0, 0]]],
    ["append", { table: "fresh", rows: [{ a: 1 }, { a: 2 }] }, [["fresh", 2, 0, 0]]],
    [
      "upsert",
      {
        table: "airports",
        key: ["iata"],
        rows: [
          { iata: "TXL", seen: 9 },
          { iata: "BER", seen: 1 },
        ],
      },
      [["airports", 1, 1, 0]],
    ],
    ["update", { table: "flights", set: { delay: -1 }, where: { delay: 7 } }, [["flights", 0, 10, 0]]],
    ["delete", { table: "flights", where: { delay: 8 } }, [["flights", 0, 0, 10]]],
    [
      "sql",
      {
        sql: "UPDATE flights SET name = 'x' WHERE id < 5; DELETE FROM flights WHERE id = 9; DROP TABLE fresh",
      },
      [
        ["flights", 0, 5, 1],
        ["fresh", 0, 0, 2],
      ],
    ],
    [
      "sql",
      { sql: "ALTER TABLE flights ADD COLUMN late BOOLEAN; UPDATE flights SET late = true WHERE delay > 90" },
      [["flights", 0, 90, 0]],
    ],
    ["sql", { sql: "ALTER TABLE flights DROP COLUMN late" }, [["flights", 0, 0, 0]]],
    [
      "sql",
      {
        sql: "CREATE OR REPLACE TABLE flights AS SELECT id, name, delay + 1 AS delay FROM flights WHERE id > 20 UNION ALL SELECT 7777, 'z', 0",
      },
      [["flights", 1, 971, 19]],
    ],
    [
      "update",
      { table: "airports", set: { tags: ["x", "y"] }, where: { iata: "FRA" } },
      [["airports", 0, 1, 0]],
    ],
    [
      "sql",
      { sql: "CREATE TABLE delays AS SELECT delay, count(*) AS n FROM flights GROUP BY delay" },
      [["delays", 99, 0, 0]],
    ],
  ];

  test("says of each function what the job then does, with rows as they are before and after", async () => {
    const model = await openFlights();
    for (const [name, args, expected] of CALLS) {
      const call = FunctionCall.parse({ function: name, args });
      const told = await preview(model, call);
      expect(counts(told), name).toEqual(expected);
      expect(told).toMatchObject({ exact: true, baseVersion: (await model.versions()).length });
      const before = (await model.versions()).at(-1);
      const items = await model.submit([call]);
      await model.send(items);
      const [done] = await model.intents(items);
      expect(done).toMatchObject({ status: "applied" });
      const after = (await model.versions()).at(-1);
      for (const { table, change, rowsBefore, rowsAfter, sample } of touched(told)) {
        expect(done?.changes).toContainEqual({ table, rowsBefore, rowsAfter });
        const rowsOf = async (version: typeof before) =>
          (await model.read(version, `SELECT to_json(t)::VARCHAR FROM "${table}" t`)).map(([row]) =>
            JSON.stringify(JSON.parse(String(row))),
          );
        const [were, are] = [
          change === "created" ? [] : await rowsOf(before),
          change === "dropped" ? [] : await rowsOf(after),
        ];
        const names = sample.columns.map(({ name }) => name);
        const asJson = (values: unknown[], own: string[]) =>
          JSON.stringify(Object.fromEntries(own.map((name) => [name, values[names.indexOf(name)]])));
        const columnsOf = (rows: string[]) =>
          Object.keys(z.record(z.string(), z.unknown()).parse(JSON.parse(rows[0] ?? "{}")));
        for (const row of sample.rows) {
          if (row.before) expect(were).toContain(asJson(row.before, columnsOf(were)));
          if (row.after) expect(are).toContain(asJson(row.after, columnsOf(are)));
        }
      }
    }
  });

  test("of a restore is told from both versions, of a fork or a compaction that no table is touched", async () => {
    const model = await openFlights();
    await model.send(
      await model.submit([sql("DELETE FROM flights WHERE id < 100; CREATE TABLE extra (a INT)")]),
    );
    const told = await preview(model, { function: "restore", args: { version: 1 } });
    expect(
      touched(told).map(({ table, change, rowsBefore, rowsAfter }) => [table, change, rowsBefore, rowsAfter]),
    ).toEqual([
      ["extra", "dropped", 0, null],
      ["flights", "changed", 900, 1000],
    ]);
    const fork = await preview(model, { function: "fork", args: { version: 1, name: "copy" } });
    const compact = await preview(model, { function: "compact", args: {} });
    for (const none of [fork, compact]) expect(none).toMatchObject({ exact: true, baseVersion: 2 });
    expect([...touched(fork), ...touched(compact)]).toEqual([]);
    const wrong = await preview(model, { function: "restore", args: { version: 9 } });
    expect(wrong.error).toMatchObject({ code: "version_not_found" });
    const same = await preview(model, { function: "restore", args: { version: 2 } });
    expect(same.error).toMatchObject({ code: "version_current" });
    const taken = await preview(model, { function: "fork", args: { version: 1, name: "flights" } });
    expect(taken.error).toMatchObject({ code: "model_exists" });
  });

  test("leaves rows out of the samples that are too large to be shown, and counts them", async () => {
    const model = await openFlights();
    const told = await preview(model, sql("UPDATE flights SET name = repeat('x', 1500000) WHERE id < 5"));
    expect(counts(told)).toEqual([["flights", 0, 5, 0]]);
    expect(told.tables[0]?.sample.rows).toHaveLength(1);
  });

  test("shows the result of the last SELECT, and the kind and line of each statement", async () => {
    const model = await openFlights();
    const told = await preview(
      model,
      sql("UPDATE flights SET delay = 0;\n\nSELECT sum(delay) AS s FROM flights"),
    );
    expect(told).toMatchObject({
      result: { columns: [{ name: "s" }], rows: [[0]] },
      statements: [
        { kind: "UPDATE", line: 1 },
        { kind: "SELECT", line: 3 },
      ],
    });
    expect(counts(told)).toEqual([["flights", 0, 990, 0]]);
  });

  test("says how the job would fail, with line and column, and runs on an empty model", async () => {
    const model = await models.open();
    await model.start();
    const made = await preview(model, sql("CREATE TABLE t AS SELECT 1 AS a"));
    expect(made).toMatchObject({ baseVersion: 0, tables: [{ table: "t", change: "created", added: 1 }] });
    const bad = await preview(model, sql("CREATE TABLE t AS SELECT 1 AS a;\nINSERT INTO tt VALUES (1)"));
    expect(bad).toMatchObject({ tables: [], error: { code: "sql_error", line: 2, column: 13 } });
    const refused = await preview(model, sql("ATTACH '/etc/passwd' AS x"));
    expect(refused).toMatchObject({ tables: [], error: { code: "statement_not_allowed", line: 1 } });
    const key = await preview(
      model,
      sql("CREATE TABLE k (a INT PRIMARY KEY); INSERT INTO k VALUES (1), (1)"),
    );
    expect(key.error).toMatchObject({ code: "sql_error", message: expect.stringContaining("constraint") });
    await expect(preview(model, sql("SELECT 1"), 7)).rejects.toMatchObject({ code: "base_version_stale" });
    expect(await model.versions()).toEqual([]);
  });

  test("leaves nothing behind: no file, no version, no row in any ledger, and the same bytes", async () => {
    const model = await openFlights();
    await until(
      "the version is archived",
      async () => (await model.row()).archivedVersion === 1 || undefined,
    );
    const before = await everythingKept(model);
    await preview(model, sql("DELETE FROM flights"));
    await preview(model, sql("INSERT INTO flights SELECT range, 'x', 0 FROM range(300000)"));
    await preview(
      model,
      sql("DROP TABLE airports; CREATE TABLE airports AS SELECT md5(range::VARCHAR) AS a FROM range(200000)"),
    );
    await preview(model, sql("SELECT nothing"));
    expect(await everythingKept(model)).toEqual(before);
    const { leaseEpoch } = await model.row();
    expect(await filesBelow(copyOf(model, leaseEpoch))).toEqual(["model.duckdb"]);
    const copy = join(copyOf(model, leaseEpoch), "model.duckdb");
    expect(await differences(copy, join(model.versionsDir, before.versions[0]?.file ?? ""))).toEqual([]);
    // What was tried before does not show in the copy that is used again, nor after the version has moved on.
    expect(counts(await preview(model, sql("DELETE FROM flights WHERE id < 10")))).toEqual([
      ["flights", 0, 0, 10],
    ]);
    await model.send(
      await model.submit([
        sql(
          "UPDATE flights SET delay = 1000 WHERE id = 1; CREATE TABLE big AS SELECT range AS a FROM range(200000)",
        ),
      ]),
    );
    const after = await preview(model, sql("DELETE FROM flights WHERE delay = 1000"));
    expect(counts(after)).toEqual([["flights", 0, 0, 1]]);
    expect(after.tables.map(({ table, rowsAfter }) => [table, rowsAfter])).toEqual([
      ["flights", 999],
      ["airports", 3],
      ["big", 200_000],
    ]);
  });

  test("does not wait for a running intent, nor the queue for it", async () => {
    const model = await openFlights();
    const long = await model.submit([sql(ENDLESS)]);
    const sent = model.send(long);
    await until(
      "the intent runs",
      async () => (await model.intents(long))[0]?.status === "running" || undefined,
    );
    const told = await preview(model, sql("DELETE FROM flights WHERE id < 5"));
    expect(counts(told)).toEqual([["flights", 0, 0, 5]]);
    expect((await model.intents(long))[0]?.status).toBe("running");
    await model.cancel(long[0]?.intent.intentId ?? z.never().parse(null));
    await sent;
    const running = await begin(model, sql(ENDLESS));
    await holdsCopy(model);
    const next = await model.submit([sql("DELETE FROM flights WHERE id < 5")]);
    await model.send(next);
    expect((await model.intents(next))[0]?.status).toBe("applied");
    running.hangUp();
  });

  test("of an endless statement ends at its limit and says that a job may take longer", async () => {
    const model = await models.open();
    await model.start({ TEATREE_PREVIEW_TIMEOUT_MS: "700" });
    await model.send(await model.submit([sql(SETUP)]));
    const told = await preview(model, sql(ENDLESS));
    expect(told.error).toMatchObject({ code: "query_timeout", message: expect.stringContaining("0.7 s") });
    expect(told.durationMs).toBeLessThan(5_000);
    expect(counts(await preview(model, sql("DELETE FROM flights WHERE id < 5")))).toEqual([
      ["flights", 0, 0, 5],
    ]);
  });

  test("ends within two seconds when its caller goes away; too many at once are refused", async () => {
    const model = await openFlights();
    const running = await begin(model, sql(ENDLESS));
    await holdsCopy(model);
    const waiting = await Promise.all(Array.from({ length: 4 }, () => begin(model, sql(ENDLESS))));
    await until("four wait", async () => {
      const answer = await preview(model, sql("SELECT 1")).catch((error: { code: string }) => error.code);
      return answer === "unavailable" || undefined;
    });
    const { leaseEpoch } = await model.row();
    const hungUp = performance.now();
    for (const each of [...waiting, running]) each.hangUp();
    // The last thing to go, after the process.
    const staging = join(copyOf(model, leaseEpoch), "staging");
    await until("it has ended", async () => !existsSync(staging) || undefined);
    expect(performance.now() - hungUp).toBeLessThan(2_000);
    const next = await preview(model, sql("DELETE FROM flights WHERE id < 5"));
    expect(counts(next)).toEqual([["flights", 0, 0, 5]]);
  });

  test("that is killed with its manager leaves nothing when the next one starts", async () => {
    const model = await openFlights();
    const before = await everythingKept(model);
    const running = await begin(model, sql(ENDLESS));
    await holdsCopy(model);
    const { leaseEpoch } = await model.row();
    const manager = model.living();
    manager?.child.kill("SIGKILL");
    await manager?.exited;
    await expect(running.answer).rejects.toThrow();
    expect(existsSync(copyOf(model, leaseEpoch))).toBe(true);
    await model.start();
    expect((await readdir(workDir(model))).filter((name) => name.startsWith("preview"))).toEqual([]);
    const after = await everythingKept(model);
    expect(after.versions).toEqual(before.versions);
    expect(after.ledger).toEqual(before.ledger);
  });
});
