import { QueryResultJson } from "@teatree/shared/contracts/query";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ReaderFixture, startReaderFixture } from "./testing/reader-fixture.ts";

const READERS = 16;
const VERSIONS = 25;

let fixture: ReaderFixture;

beforeAll(async () => {
  fixture = await startReaderFixture();
});
afterAll(() => fixture.stop());

/** In version n all 5,000 rows of `whole` hold n, in two tables: any mixture shows. */
function makeVersion(number: number): Promise<string> {
  return fixture.version(number, [
    `CREATE TABLE whole AS SELECT ${number} AS n, i FROM range(5000) r(i)`,
    `CREATE TABLE other AS SELECT ${number} AS n`,
  ]);
}

test("16 readers at once see whole versions only, and none fails, while versions switch", async () => {
  let current = { number: 1, file: await makeVersion(1) };
  let done = false;
  let reads = 0;
  const seen = new Set<number>();

  async function readOn(json: boolean): Promise<void> {
    while (!done) {
      const { number, file } = current;
      const sql = json
        ? "SELECT min(w.n), max(w.n), count(*), any_value(o.n) FROM whole w, other o"
        : "SELECT n FROM whole";
      const response = await fixture.query(file, sql, json ? { accept: "application/json" } : {});
      expect(response.status, response.ok ? "" : await response.clone().text()).toBe(200);
      if (json) {
        const { rows } = QueryResultJson.parse(await response.json());
        expect(rows).toEqual([[number, number, 5000, number]]);
      } else {
        const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
        const values = new Set<unknown>(table.getChildAt(0)?.toArray());
        expect([table.numRows, [...values]]).toEqual([5000, [number]]);
      }
      seen.add(number);
      reads += 1;
    }
  }

  async function publish(): Promise<void> {
    for (let number = 2; number <= VERSIONS; number += 1) {
      const file = await makeVersion(number);
      await fixture.reader.warm(file);
      const before = current;
      current = { number, file };
      fixture.reader.retire(before.file);
    }
  }

  const readers = Array.from({ length: READERS }, (_, index) => readOn(index % 2 === 0));
  try {
    await Promise.race([publish(), Promise.all(readers)]);
  } finally {
    done = true;
  }
  await Promise.all(readers);
  expect(reads).toBeGreaterThan(VERSIONS);
  expect(seen.size).toBeGreaterThan(VERSIONS / 4);
});

test("an old version can be read again after it was closed", async () => {
  const response = await fixture.query(`${fixture.modelId}/v1-e1.duckdb`, "SELECT n FROM other", {
    accept: "application/json",
  });
  expect(QueryResultJson.parse(await response.json()).rows).toEqual([[1]]);
});

test("warming a version that is not there is an error that can be tried again", async () => {
  await expect(fixture.reader.warm(`${fixture.modelId}/v999-e1.duckdb`)).rejects.toMatchObject({
    code: "unavailable",
    mayRetry: true,
  });
});

test("the same address answers again after the process was killed", async () => {
  const { pid, url } = fixture.reader;
  if (pid === undefined) throw new Error("the reader has no process");
  process.kill(pid, "SIGKILL");
  await expect
    .poll(
      async () => {
        const response = await fetch(`${url}/health`).catch(() => undefined);
        return response?.status === 200 && fixture.reader.pid !== pid;
      },
      { timeout: 10_000 },
    )
    .toBe(true);
});
