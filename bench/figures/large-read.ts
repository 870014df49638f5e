import type { DuckDBConnection } from "@duckdb/node-api";
import { tableFromIPC } from "apache-arrow";
import pg from "pg";
import type { Figure, Line } from "../figure.ts";
import { openLocalSnapshot } from "../local-snapshot.ts";
import { median, medianRatio, timed } from "../statistics.ts";
import type { System } from "../system.ts";

const MODEL = "large-read";
const ROWS = 1_000_000;
const SQL = 'SELECT id, "at", distance, delay, origin, share FROM wide';

/** Figure 5: a million rows of six mixed columns to the client, against the engine alone, JSON, and PostgreSQL. */
export const largeRead: Figure = {
  number: 5,
  title: "large read, 1 M rows × 6 columns as Arrow",
  async run(system, { rounds }, say) {
    say("building the model and the same table in PostgreSQL");
    await build(system);
    await using local = await openLocalSnapshot(system, MODEL);
    await using postgres = await fillPostgres(system);
    const ways = [
      { times: [] as number[], read: () => arrowRows(system) },
      { times: [] as number[], read: () => chunkRows(local.connection) },
      {
        times: [] as number[],
        read: async () => (await system.api.queryJson(MODEL, { sql: SQL })).rows.length,
      },
      { times: [] as number[], read: () => postgres.read() },
    ] as const;
    for (let round = -1; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`);
      for (const { times, read } of ways) {
        const { ms, value } = await timed(read);
        if (value !== ROWS) throw new Error(`${value} rows were read, not ${ROWS}`);
        if (round >= 0) times.push(ms);
      }
    }
    const [arrow, process, json, nodePostgres] = ways;
    return [
      against("in process to chunks", arrow.times, process.times, (ratio) => ratio <= 3, "≤ 3 ×"),
      faster("JSON over the same path", arrow.times, json.times, 5),
      faster("node-postgres", arrow.times, nodePostgres.times, 10),
    ];
  },
};

const pairsOf = (values: number[], floors: number[]) =>
  values.map((value, index) => ({ value, floor: floors[index] ?? Number.NaN }));

function against(
  name: string,
  ours: number[],
  peer: number[],
  good: (ratio: number) => boolean,
  goal: string,
): Line {
  const ratio = medianRatio(pairsOf(ours, peer));
  return {
    name: `Arrow ÷ ${name}`,
    value: median(ours),
    unit: "ms",
    floor: { name, value: median(peer) },
    ratio,
    goal,
    met: good(ratio),
  };
}

function faster(name: string, ours: number[], peer: number[], times: number): Line {
  const ratio = medianRatio(pairsOf(peer, ours));
  return {
    name: `${name} ÷ Arrow`,
    value: median(ours),
    unit: "ms",
    floor: { name, value: median(peer) },
    ratio,
    goal: `≥ ${times} ×`,
    met: ratio >= times,
  };
}

async function build(system: System) {
  await system.api.createModel({ body: { name: MODEL } });
  await system.apply(MODEL, {
    function: "sql",
    args: {
      sql: `CREATE TABLE wide AS SELECT i AS id, TIMESTAMP '2001-01-01' + to_seconds(i) AS "at",
        (hash(i) % 5000)::INTEGER AS distance, (hash(i + 7) % 400)::INTEGER - 60 AS delay,
        'A' || (hash(i + 13) % 229) AS origin, (i % 1000) / 8.0 AS share FROM range(${ROWS}) t(i)`,
    },
  });
}

async function arrowRows(system: System): Promise<number> {
  const { bytes } = await system.api.queryBytes(MODEL, { sql: SQL });
  return tableFromIPC(bytes).numRows;
}

async function chunkRows(connection: DuckDBConnection): Promise<number> {
  const chunks = await (await connection.run(SQL)).fetchAllChunks();
  return chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0);
}

async function fillPostgres(system: System) {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  await client.query(`CREATE TABLE bench_wide AS SELECT i AS id, TIMESTAMP '2001-01-01' + i * interval '1 second' AS "at",
    (hashint8(i) & 4095) AS distance, (hashint8(i + 7) & 255) - 60 AS delay, 'A' || (hashint8(i + 13) & 227) AS origin,
    (i % 1000) / 8.0::float8 AS share FROM generate_series(0::bigint, ${ROWS - 1}) t(i)`);
  return {
    async read() {
      return (await client.query("SELECT * FROM bench_wide")).rows.length;
    },
    async [Symbol.asyncDispose]() {
      await client.query("DROP TABLE bench_wide");
      await client.end();
    },
  };
}
