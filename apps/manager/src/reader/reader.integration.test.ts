import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { ErrorBody } from "@teatree/shared/contracts/errors";
import { ModelId } from "@teatree/shared/contracts/ids";
import { PARQUET, QueryResultJson } from "@teatree/shared/contracts/query";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReaderFixture, startReaderFixture } from "./testing/reader-fixture.ts";
import { REFUSED_READS } from "./testing/refused-reads.ts";

const ENDLESS = "SELECT count(*) FROM range(10000000000) a, range(1000) b";

let fixture: ReaderFixture;
let file: string;
let other: string;

beforeAll(async () => {
  fixture = await startReaderFixture({ resultLimitBytes: 4_000_000, memoryLimitBytes: 268_435_456 });
  file = await fixture.version(1, [
    "CREATE TABLE t AS SELECT i AS id, 'name ' || i AS name FROM range(1000) r(i)",
    "CREATE VIEW v AS SELECT id FROM t WHERE id < 10",
    "CREATE SEQUENCE s",
  ]);
  other = await fixture.version(2, ["CREATE TABLE airports AS SELECT 'LUX' AS code, 'Luxembourg' AS city"]);
});
afterAll(() => fixture.stop());

async function rows(sql: string, body: Record<string, unknown> = {}): Promise<unknown[][]> {
  const response = await fixture.query(file, sql, { ...body, accept: "application/json" });
  const answer = await response.json();
  expect(answer).not.toHaveProperty("error");
  return QueryResultJson.parse(answer).rows;
}

async function failure(sql: string, body: Record<string, unknown> = {}) {
  const response = await fixture.query(file, sql, body);
  const { error } = ErrorBody.parse(await response.json());
  return { status: response.status, ...error };
}

describe("parameters", () => {
  test("named and positional ones are bound with the types that JSON says", async () => {
    expect(
      await rows("SELECT $a + 1, typeof($b), typeof($c), typeof($d)", {
        params: { a: 41, b: 1.5, c: "x", d: true },
      }),
    ).toEqual([[42, "DOUBLE", "VARCHAR", "BOOLEAN"]]);
    expect(await rows("SELECT name FROM t WHERE id = ? OR id = ? ORDER BY id", { params: [3, 5] })).toEqual([
      ["name 3"],
      ["name 5"],
    ]);
  });

  test("lists, structs and null are bound", async () => {
    expect(
      await rows("SELECT id FROM t WHERE id IN (SELECT unnest($ids)) ORDER BY id", {
        params: { ids: [7, 8] },
      }),
    ).toEqual([[7], [8]]);
    expect(await rows("SELECT $s.a, $n IS NULL", { params: { s: { a: "deep" }, n: null } })).toEqual([
      ["deep", true],
    ]);
  });

  test("a missing one is named", async () => {
    expect(await failure("SELECT $here, $gone", { params: { here: 1 } })).toMatchObject({
      status: 400,
      code: "invalid_arguments",
      message: expect.stringContaining("gone"),
    });
  });

  test("a parameter cannot become a statement", async () => {
    expect(
      await rows("SELECT count(*) FROM t WHERE name = $n", { params: { n: "'; DROP TABLE t; --" } }),
    ).toEqual([[0]]);
  });
});

describe("errors", () => {
  test("a wrong name has line and column in the user's own text", async () => {
    expect(await failure("SELECT 'ü€',\n  nme FROM t")).toMatchObject({
      status: 400,
      code: "sql_error",
      details: { line: 2, column: 3 },
    });
    expect(await failure("SELECT *\nFORM t")).toMatchObject({ code: "sql_error", details: { line: 2 } });
  });

  test("an error that only a later row brings is an error and not half a result", async () => {
    for (const accept of [undefined, "application/json", "text/csv", PARQUET]) {
      const body = accept === undefined ? {} : { accept };
      const answer = await failure(
        "SELECT CASE WHEN i = 90000 THEN 'x' ELSE '1' END::INTEGER FROM range(100000) r(i)",
        body,
      );
      expect(answer).toMatchObject({ status: 400, code: "sql_error" });
    }
  });

  test("no message names a path of the machine", async () => {
    for (const sql of ["SELECT * FROM '/etc/passwd'", "SELECT * FROM read_csv('/etc/passwd')"]) {
      expect((await failure(sql)).message).not.toMatch(/etc|tmp|teatree-reader/);
    }
  });

  test("a version whose file is not here can be asked for again", async () => {
    const response = await fixture.query(`${fixture.modelId}/v99-e1.duckdb`, "SELECT 1");
    expect([response.status, ErrorBody.parse(await response.json()).error.code]).toEqual([
      503,
      "unavailable",
    ]);
  });

  test("a path that is not a version's is refused", async () => {
    for (const bad of ["../../etc/passwd", `${fixture.modelId}/../x.duckdb`, `/${file}`, "x.duckdb"]) {
      const response = await fixture.query(bad, "SELECT 1");
      expect([response.status, ErrorBody.parse(await response.json()).error.code]).toEqual([
        400,
        "invalid_arguments",
      ]);
    }
  });

  test("memory beyond the limit is an error, and the next query works", async () => {
    expect(await failure("SELECT i FROM range(60000000) r(i) ORDER BY hash(i)")).toMatchObject({
      status: 507,
      code: "out_of_memory",
    });
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });
});

describe("limits", () => {
  test.for([undefined, "application/json", "text/csv", PARQUET])(
    "a result that is too large is refused as %s",
    async (accept) => {
      const body = accept === undefined ? {} : { accept };
      expect(
        await failure("SELECT i, 'text of some length ' || i FROM range(1000000) r(i)", body),
      ).toMatchObject({
        status: 413,
        code: "result_too_large",
        details: { limitBytes: 4_000_000 },
      });
    },
  );

  test("one huge value is refused too", async () => {
    expect(await failure("SELECT repeat('x', 5000000)")).toMatchObject({ status: 413 });
  });

  test("a query over its time is stopped soon after", async () => {
    const startedAt = performance.now();
    expect(await failure(ENDLESS, { timeoutMs: 300 })).toMatchObject({ status: 408, code: "query_timeout" });
    expect(performance.now() - startedAt).toBeLessThan(2_300);
  });
});

describe("stopping", () => {
  async function active(): Promise<number> {
    const response = await fetch(`${fixture.reader.url}/health`);
    const health: unknown = await response.json();
    return Number(Object(health).active);
  }

  test("a query is stopped by its id, and stopping it twice says that it is gone", async () => {
    const queryId = randomUUID();
    const running = failure(ENDLESS, { queryId });
    const stop = async () =>
      (
        await fetch(`${fixture.reader.url}/queries/${queryId}`, {
          method: "DELETE",
          headers: { authorization: `Bearer ${await fixture.token()}` },
        })
      ).status;
    await until("the query runs", async () => ((await stop()) === 202 ? true : undefined));
    expect(await running).toMatchObject({ status: 499, code: "cancelled" });
    expect(await stop()).toBe(404);
  });

  test("a query whose client hangs up is stopped", async () => {
    const token = await fixture.token();
    const call = request(`${fixture.reader.url}/query`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    call.on("error", () => undefined);
    call.end(
      JSON.stringify({
        queryId: randomUUID(),
        file,
        sql: ENDLESS,
        version: 1,
        timeoutMs: 60_000,
        accept: "application/json",
      }),
    );
    await until("the query runs", async () => ((await active()) === 1 ? true : undefined));
    expect(fixture.reader.idleMs()).toBe(0);
    call.destroy();
    await until("the query has ended", async () => ((await active()) === 0 ? true : undefined));
  });

  test("a query that cannot be stopped takes its process along, and another one answers at the same address", async () => {
    const { pid, url } = fixture.reader;
    // One scalar function over one huge value does not look at interrupts.
    const stuck = failure("SELECT length(repeat('x', (2000000000 - id)::BIGINT)) FROM t LIMIT 50", {
      timeoutMs: 100,
    });
    const bystander = failure(ENDLESS);
    expect(await stuck).toMatchObject({ status: 408, code: "query_timeout" });
    expect(await bystander).toMatchObject({ status: 503, code: "unavailable" });
    await until("another process answers", async () =>
      fixture.reader.pid !== pid ? await rows("SELECT 1") : undefined,
    );
    expect(fixture.reader.url).toBe(url);
  });
});

describe("other models", () => {
  test("a version given under a name is read beside the own one", async () => {
    const reads = { air: { modelId: fixture.modelId, version: 2, file: other } };
    expect(await rows("SELECT city, (SELECT count(*) FROM t) FROM air.airports", { reads })).toEqual([
      ["Luxembourg", 1000],
    ]);
    expect(await failure("SELECT * FROM air.airports")).toMatchObject({ code: "sql_error" });
    expect(await failure("SELECT * FROM air._teatree.ledger", { reads })).toMatchObject({ status: 403 });
  });

  test("a model is read beside itself", async () => {
    const reads = { same: { modelId: fixture.modelId, version: 1, file } };
    expect(await rows("SELECT count(*) FROM t JOIN same.t o USING (id)", { reads })).toEqual([[1000]]);
  });
});

describe("who may ask", () => {
  test("a token of another model, for another action, or none at all is refused", async () => {
    const { token, reader, modelId } = fixture;
    const status = async (bearer?: string) =>
      (
        await fetch(`${reader.url}/query`, {
          method: "POST",
          headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
          body: "{}",
        })
      ).status;
    expect(await status()).toBe(401);
    expect(await status("nonsense")).toBe(401);
    expect(await status(await token(ModelId.parse(randomUUID())))).toBe(403);
    expect(await status(await token(modelId, "batch"))).toBe(403);
    expect(await status(await token())).toBe(400);
  });
});

describe("what a read must not do", () => {
  const hash = async (name: string) =>
    createHash("sha256")
      .update(await readFile(join(fixture.versionsDir, name)))
      .digest("hex");

  test("every attack is refused, the files stay what they were, and the reader goes on", async () => {
    const before = [await hash(file), await hash(other)];
    for (const attack of REFUSED_READS(join(fixture.versionsDir, file))) {
      const { status } = await failure(attack, {
        reads: { air: { modelId: fixture.modelId, version: 2, file: other } },
      });
      expect([attack, status === 400 || status === 403]).toEqual([attack, true]);
    }
    expect([await hash(file), await hash(other)]).toEqual(before);
    expect(await rows("SELECT count(*) FROM v")).toEqual([[10]]);
  });

  test("without the gate the lock alone leaves the files alone", async () => {
    const { openLocked } = await import("./locked-instance.ts");
    const path = join(fixture.versionsDir, file);
    const before = await hash(file);
    const locked = await openLocked({ file: path, reads: {}, threads: 1, memoryLimitBytes: 100_000_000 });
    const connection = await locked.connect();
    const succeeded: string[] = [];
    for (const attack of REFUSED_READS(path).filter((sql) => !/profiling|ANALYZE/.test(sql))) {
      await connection.run(attack).then(
        () => succeeded.push(attack),
        () => undefined,
      );
    }
    connection.closeSync();
    locked.close();
    expect(await hash(file)).toBe(before);
    expect(
      succeeded.filter((sql) => /copy|attach|read_|export|install/i.test(sql) && !/detach/i.test(sql)),
    ).toEqual([]);
  });
});

test("stopping lets the reads end that are on their way", async () => {
  const leaving = await startReaderFixture();
  const version = await leaving.version(1, ["CREATE TABLE t AS SELECT 1 AS a"]);
  await leaving.reader.warm(version);
  const running = leaving.query(version, "SELECT sum(hash(i)) FROM range(5000000) r(i)");
  await until("the query runs", () => (leaving.reader.idleMs() === 0 ? true : undefined), { everyMs: 1 });
  await leaving.stop();
  expect((await running).status).toBe(200);
});
