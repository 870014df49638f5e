import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Figure, Line } from "../figure.ts";
import { median, medianRatio, timed } from "../statistics.ts";
import type { System } from "../system.ts";

const MODEL = "compare-versions";
const PARAMS = { model: MODEL, range: "1...2" };
const OTHERS = ["o1", "o2", "o3", "o4"];
const CHANGED = 1_000;
const GOAL_RATIO = 3;

/** Figure 15: two versions of ten million rows that differ in a thousand, against the same join in the engine alone. */
export const compareVersions: Figure = {
  number: 15,
  title: "comparing two versions of 10 M rows × 3 columns, 1,000 changed",
  async run(system, { rounds, rows }, say) {
    say("building both versions");
    await build(system, rows);
    await using local = await openBoth(system);
    const ways = [
      {
        name: "key found",
        key: undefined,
        ours: [] as number[],
        floors: [] as number[],
        next: [] as number[],
      },
      { name: "key given", key: "id", ours: [] as number[], floors: [] as number[], next: [] as number[] },
    ];
    for (let round = -1; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`);
      for (const way of ways) {
        const floor = await timed(() => plainJoin(local.connection));
        await forget(system);
        const ours = await timed(() => first(system, way.key));
        const next = await timed(() => page(system, way.key, ours.value.cursor));
        for (const found of [floor.value, ours.value.changed]) {
          if (found !== CHANGED) throw new Error(`${found} rows differ, not ${CHANGED}`);
        }
        if (round < 0) continue;
        way.ours.push(ours.ms);
        way.floors.push(floor.ms);
        way.next.push(next.ms);
      }
    }
    return ways.flatMap(({ name, ours, floors, next }): Line[] => {
      const pairs = ours.map((value, index) => ({ value, floor: floors[index] ?? Number.NaN }));
      const ratio = medianRatio(pairs);
      return [
        {
          name: `all rows compared, ${name}`,
          value: median(ours),
          unit: "ms",
          floor: { name: "one FULL OUTER JOIN in process", value: median(floors) },
          ratio,
          goal: `≤ ${GOAL_RATIO} ×`,
          met: ratio <= GOAL_RATIO,
        },
        { name: `the next 100 rows, ${name}`, value: median(next), unit: "ms", goal: "explains" },
      ];
    });
  },
};

async function build(system: System, rows: number) {
  await system.api.createModel({ body: { name: MODEL } });
  const apply = (sql: string) => system.apply(MODEL, { function: "sql", args: { sql } });
  await apply(
    `CREATE TABLE t AS SELECT i AS id, (i * 7919) % 1000003 AS v, (i % 97)::DOUBLE AS w FROM range(${rows}) r(i);
     ${OTHERS.map((name) => `CREATE TABLE ${name} AS SELECT 1 AS a`).join("; ")}`,
  );
  await apply(
    `UPDATE t SET v = -1 WHERE id % ${rows / CHANGED} = 5;
     ${OTHERS.map((name) => `UPDATE ${name} SET a = 2`).join("; ")}`,
  );
}

async function first(system: System, key: string | undefined) {
  const found = await system.api.compareVersions({ params: PARAMS, query: { table: "t", key } });
  return { changed: found.counts?.changed, cursor: found.nextCursor ?? undefined };
}

async function page(system: System, key: string | undefined, cursor: string | undefined) {
  await system.api.compareVersions({ params: PARAMS, query: { table: "t", key, cursor } });
}

/** The reader remembers its last comparisons for a minute, and would know the answer: these take their place. */
async function forget(system: System) {
  for (const table of OTHERS) await system.api.compareVersions({ params: PARAMS, query: { table } });
}

async function plainJoin(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*) FROM b.t b FULL JOIN a.t a ON a.id = b.id
     WHERE a.id IS NULL OR b.id IS NULL OR a.v IS DISTINCT FROM b.v OR a.w IS DISTINCT FROM b.w`,
  );
  return Number(reader.getRows()[0]?.[0]);
}

/** Both versions in one engine of this process, with the reader's number of threads. */
async function openBoth(system: System) {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  for (const [name, version] of [
    ["b", 1],
    ["a", 2],
  ] as const) {
    const path = join(system.home, `${MODEL}-v${version}.duckdb`);
    const download = await fetch(system.api.snapshotUrl(MODEL, version), {
      headers: { authorization: `Bearer ${system.token}` },
    });
    await writeFile(path, Buffer.from(await download.arrayBuffer()));
    await connection.run(`ATTACH '${path}' AS ${name} (READ_ONLY)`);
  }
  return {
    connection,
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
