import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ReaderComparison, ReaderProgress } from "@teatree/shared/contracts/compare";
import { ErrorBody } from "@teatree/shared/contracts/errors";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ReaderFixture, startReaderFixture } from "./testing/reader-fixture.ts";
import { TYPE_PAIRS } from "./testing/type-pairs.ts";

let reader: ReaderFixture;
let made = 0;
beforeAll(async () => {
  reader = await startReaderFixture();
});
afterAll(() => reader.stop());

const headers = async () => ({ authorization: `Bearer ${await reader.token()}` });

async function send(work: object, signal?: AbortSignal): Promise<Response> {
  const defaults = { queryId: randomUUID(), timeoutMs: 60_000, table: "t", key: null, limit: 100, offset: 0 };
  return fetch(`${reader.reader.url}/compare`, {
    method: "POST",
    headers: await headers(),
    body: JSON.stringify({ ...defaults, ...work }),
    signal,
  });
}

async function compare(work: object): Promise<ReaderComparison> {
  const response = await send(work);
  const body = await response.json();
  if (response.status !== 200) throw new Error(JSON.stringify(body));
  return ReaderComparison.parse(body);
}

async function refusal(work: object) {
  const response = await send(work);
  return { status: response.status, ...ErrorBody.parse(await response.json()).error };
}

/** Two versions from their statements. */
async function pair(before: string[], after: string[]) {
  made += 2;
  const [was, is] = [await reader.version(made - 1, before), await reader.version(made, after)];
  return { before: was, after: is };
}

/** What an engine of its own says when it is asked in plain SQL; the versions are `b` and `a`. */
async function plainly(files: { before: string; after: string }, sql: string): Promise<number[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${join(reader.versionsDir, files.before)}' AS b (READ_ONLY)`);
    await connection.run(`ATTACH '${join(reader.versionsDir, files.after)}' AS a (READ_ONLY)`);
    const [row = []] = (await connection.runAndReadAll(sql)).getRows();
    return row.map(Number);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const counts = (added: number, removed: number, changed: number, unchanged: number) => ({
  added,
  removed,
  changed,
  unchanged,
});

describe("rows by key", () => {
  test("rows are added, removed and changed, each with its values and the cells that differ", async () => {
    const files = await pair(
      [
        "CREATE TABLE t (id INTEGER, name VARCHAR, n DOUBLE)",
        "INSERT INTO t VALUES (1,'a',1),(2,'b',NULL),(3,'c',3)",
      ],
      [
        "CREATE TABLE t (id INTEGER, name VARCHAR, n DOUBLE)",
        "INSERT INTO t VALUES (1,'a',1),(2,'x',2),(4,NULL,4)",
      ],
    );
    expect(await compare(files)).toEqual({
      table: "t",
      key: { columns: ["id"], how: "guessed" },
      counts: counts(1, 1, 1, 1),
      columns: [
        { name: "id", type: "INTEGER" },
        { name: "name", type: "VARCHAR" },
        { name: "n", type: "DOUBLE" },
      ],
      rows: [
        { change: "changed", key: [2], before: [2, "b", null], after: [2, "x", 2], cells: ["name", "n"] },
        { change: "removed", key: [3], before: [3, "c", 3], after: null, cells: [] },
        { change: "added", key: [4], before: null, after: [4, null, 4], cells: [] },
      ],
      nextOffset: null,
    });
  });

  test("counts agree with plain SQL on rows with nulls, by every kind of key", async () => {
    const rows = (salt: number, from: number, to: number) =>
      `CREATE TABLE t AS SELECT i AS id, (i * 7 // 3) AS "group", i % 50 AS small,
         CASE WHEN hash(i, ${salt}) % 10 = 0 THEN NULL WHEN hash(i, ${salt}) % 7 = 0 THEN 'x' ELSE 'y' || i % 5 END AS word,
         [i % 3, NULL] AS list FROM range(${from}, ${to}) r(i)`;
    const files = await pair([rows(1, 0, 30_000)], [rows(2, 1_000, 31_500)]);
    const [added, removed, changed] = await plainly(
      files,
      `SELECT count(*) FILTER (b.id IS NULL), count(*) FILTER (a.id IS NULL),
              count(*) FILTER (a.id = b.id AND (a.word IS DISTINCT FROM b.word OR a.list IS DISTINCT FROM b.list))
       FROM b.t b FULL JOIN a.t a ON a.id = b.id`,
    );
    const keyed = counts(added ?? 0, removed ?? 0, changed ?? 0, 30_500 - (added ?? 0) - (changed ?? 0));
    expect(changed).toBeGreaterThan(1_000);
    expect((await compare(files)).counts).toEqual(keyed);
    expect((await compare({ ...files, key: ["id"] })).counts).toEqual(keyed);
    expect((await compare({ ...files, key: ["small", "id"] })).counts).toEqual(keyed);
    const [more, fewer] = await plainly(
      files,
      `SELECT (SELECT count(*) FROM (FROM a.t EXCEPT ALL FROM b.t)), (SELECT count(*) FROM (FROM b.t EXCEPT ALL FROM a.t))`,
    );
    const whole = await compare({ ...files, key: "*" });
    expect(whole.counts).toEqual(counts(more ?? 0, fewer ?? 0, 0, 30_500 - (more ?? 0)));
    expect(whole.key).toEqual({ columns: [], how: "row" });
  });

  test("a declared key goes first, and one with nulls is no key", async () => {
    const make = (extra: string) => [
      `CREATE TABLE t (id INTEGER, code VARCHAR NOT NULL, part INTEGER NOT NULL, UNIQUE (id), UNIQUE (part, code))`,
      `INSERT INTO t VALUES (1, 'a', 1), (NULL, 'a', 2)${extra}`,
    ];
    const files = await pair(make(", (NULL, 'b', 1)"), make(""));
    const answer = await compare(files);
    expect(answer.key).toEqual({ columns: ["part", "code"], how: "declared" });
    expect(answer.counts).toEqual(counts(0, 1, 0, 2));
  });

  test("a given key that is not unique is refused with the number of duplicates, an unknown one by its name", async () => {
    const make = "CREATE TABLE t AS SELECT i // 2 AS id, i AS n FROM range(10) r(i)";
    const files = await pair([make], [make]);
    expect(await refusal({ ...files, key: ["id"] })).toMatchObject({
      status: 400,
      code: "invalid_arguments",
      message: expect.stringContaining("5 rows repeat"),
      details: { duplicates: 5 },
    });
    expect(await refusal({ ...files, key: ["nope"] })).toMatchObject({
      code: "invalid_arguments",
      details: { column: "nope" },
    });
    expect((await compare(files)).key).toEqual({ columns: ["n"], how: "guessed" });
  });
});

describe("whole rows", () => {
  test("duplicates are counted against each other", async () => {
    const files = await pair(
      [
        "CREATE TABLE t (a INTEGER, b VARCHAR)",
        "INSERT INTO t VALUES (1,'x'),(1,'x'),(1,'x'),(NULL,NULL),(2,'y')",
      ],
      [
        "CREATE TABLE t (a INTEGER, b VARCHAR)",
        "INSERT INTO t VALUES (1,'x'),(NULL,NULL),(NULL,NULL),(2,'y')",
      ],
    );
    const answer = await compare(files);
    expect(answer.key.how).toBe("row");
    expect(answer.counts).toEqual(counts(1, 2, 0, 3));
    expect(answer.rows.map(({ change, before, after }) => [change, before ?? after])).toEqual([
      ["removed", [1, "x"]],
      ["removed", [1, "x"]],
      ["added", [null, null]],
    ]);
  });
});

describe("another schema", () => {
  test("columns that are new or gone are shown, and a type that changed alone changes no row", async () => {
    const files = await pair(
      [
        "CREATE TABLE t (id INTEGER, n INTEGER, gone VARCHAR, day DATE)",
        "INSERT INTO t VALUES (1, 5, 'g', '2026-01-02'), (2, 6, 'h', '2026-01-03')",
      ],
      [
        "CREATE TABLE t (id BIGINT, n DOUBLE, day TIMESTAMP, fresh VARCHAR)",
        "INSERT INTO t VALUES (1, 5, '2026-01-02', 'f'), (2, 6.5, '2026-01-03 10:00:00', NULL)",
      ],
    );
    const answer = await compare({ ...files, key: ["id"] });
    expect(answer.columns.map(({ name }) => name)).toEqual(["id", "n", "day", "fresh", "gone"]);
    expect(answer.counts).toEqual(counts(0, 0, 1, 1));
    expect(answer.rows).toEqual([
      {
        change: "changed",
        key: [2],
        before: [2, 6, "2026-01-03", null, "h"],
        after: [2, 6.5, "2026-01-03T10:00:00", null, null],
        cells: ["n", "day"],
      },
    ]);
  });

  test("tables that are new or gone are all added or all removed; one that never was is not found", async () => {
    const files = await pair(["CREATE TABLE was AS SELECT 1 AS a"], ["CREATE TABLE t AS SELECT 1 AS a"]);
    expect(await compare(files)).toMatchObject({ counts: counts(1, 0, 0, 0), rows: [{ after: [1] }] });
    expect(await compare({ ...files, table: "was" })).toMatchObject({
      counts: counts(0, 1, 0, 0),
      rows: [{ before: [1] }],
    });
    expect(await refusal({ ...files, table: "never" })).toMatchObject({
      status: 404,
      code: "table_not_found",
    });
  });

  test("names that need quotes, and a model's own macros, do no harm", async () => {
    const make = (value: number) => [
      `CREATE TABLE "a ""b"" c" ("ÄÖ ü" INTEGER, "group by" INTEGER, b INTEGER, a INTEGER)`,
      `INSERT INTO "a ""b"" c" VALUES (1, ${value}, ${value}, 7)`,
      "CREATE MACRO count(x) AS 5; CREATE MACRO hash(x) AS 1; CREATE MACRO min(x) AS 3; CREATE MACRO sum(x) AS 3",
    ];
    const files = { ...(await pair(make(1), make(2))), table: `a "b" c` };
    for (const key of [null, ["ÄÖ ü"]])
      expect(await compare({ ...files, key })).toMatchObject({
        counts: counts(0, 0, 1, 0),
        key: { columns: ["ÄÖ ü"] },
      });
    expect(await compare({ ...files, key: "*" })).toMatchObject({ counts: counts(1, 1, 0, 0) });
  });
});

describe("every type", () => {
  test.each(TYPE_PAIRS)(
    "a change of a %s is seen, and the same value is none",
    async (type, first, second) => {
      const make = (...list: string[]) => [
        `CREATE TABLE t (id INTEGER, v ${type})`,
        ...list.map((value, index) => `INSERT INTO t VALUES (${index}, CAST(${value} AS ${type}))`),
      ];
      const files = await pair(make(first, second, "NULL", first), make(first, first, "NULL", "NULL"));
      const answer = await compare({ ...files, key: ["id"] });
      expect(answer.rows.map(({ key, cells }) => [key, cells])).toEqual([
        [[1], ["v"]],
        [[3], ["v"]],
      ]);
      expect(answer.counts).toEqual(counts(0, 0, 2, 2));
      expect((await compare({ ...files, key: "*" })).counts).toEqual(counts(2, 2, 0, 2));
    },
  );

  test("a month is not thirty days", async () => {
    const make = (value: string) => [`CREATE TABLE t AS SELECT 1 AS id, INTERVAL '${value}' AS v`];
    const files = await pair(make("1 month"), make("30 days"));
    expect((await compare({ ...files, key: ["id"] })).counts.changed).toBe(1);
    expect((await compare({ ...files, key: "*" })).counts).toEqual(counts(1, 1, 0, 0));
  });
});

describe("pages", () => {
  test("follow one another without a gap, also of one kind, and an unlike request gives its own", async () => {
    const files = await pair(
      ["CREATE TABLE t AS SELECT i AS id, 0 AS v FROM range(1000) r(i)"],
      ["CREATE TABLE t AS SELECT i AS id, i % 2 AS v FROM range(500, 1250) r(i)"],
    );
    const seen: unknown[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const page: ReaderComparison = await compare({ ...files, offset });
      expect(page.counts).toEqual(counts(250, 500, 250, 250));
      seen.push(...page.rows.map(({ key }) => key[0]));
      offset = page.nextOffset;
    }
    expect(new Set(seen).size).toBe(1_000);
    const removed = await compare({ ...files, change: "removed", limit: 1_000 });
    expect(removed.rows).toHaveLength(500);
    expect(removed.nextOffset).toBeNull();
  });
});

describe("a large comparison", () => {
  const wide = (value: number) => [
    `CREATE TABLE t AS SELECT hash(i) AS id, i AS v, ${value} AS w, 'text ' || i AS s FROM range(4000000) r(i)`,
  ];
  let files: { before: string; after: string };
  beforeAll(async () => {
    files = await pair(wide(1), wide(2));
  }, 120_000);

  async function progressOf(queryId: string) {
    const response = await fetch(`${reader.reader.url}/queries/${queryId}`, { headers: await headers() });
    return response.status === 200 ? ReaderProgress.parse(await response.json()) : null;
  }

  test("says how far it is and stops within 2 s when it is told to", async () => {
    const queryId = randomUUID();
    const answer = refusal({ ...files, queryId });
    await vi.waitFor(async () => expect((await progressOf(queryId))?.progress).toBeTypeOf("number"), 10_000);
    const stoppedAt = performance.now();
    await fetch(`${reader.reader.url}/queries/${queryId}`, { method: "DELETE", headers: await headers() });
    expect(await answer).toMatchObject({ status: 499, code: "cancelled" });
    expect(performance.now() - stoppedAt).toBeLessThan(2_000);
    expect(await progressOf(queryId)).toBeNull();
  });

  test("stops within 2 s when its client hangs up, and the reader goes on", async () => {
    const queryId = randomUUID();
    const controller = new AbortController();
    const answer = send({ ...files, queryId }, controller.signal).catch((error: Error) => error.name);
    await vi.waitFor(async () => expect(await progressOf(queryId)).not.toBeNull(), 10_000);
    controller.abort();
    expect(await answer).toBe("AbortError");
    await vi.waitFor(async () => expect(await progressOf(queryId)).toBeNull(), 2_000);
    expect((await reader.query(files.after, "SELECT 1")).status).toBe(200);
  });

  test("stops at its time limit", async () => {
    expect(await refusal({ ...files, timeoutMs: 50 })).toMatchObject({ code: "query_timeout" });
  });

  test("is exact when every row of it changed, and lists a part", async () => {
    const answer = await compare({ ...files, offset: 99_990 });
    expect(answer.counts).toEqual(counts(0, 0, 4_000_000, 0));
    expect(answer.rows).toHaveLength(10);
    expect(answer.nextOffset).toBeNull();
  }, 60_000);
});
