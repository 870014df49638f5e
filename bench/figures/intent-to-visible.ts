import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Figure, FigureOptions, Line } from "../figure.ts";
import { openNativeDatabase } from "../local-snapshot.ts";
import { median, medianRatio, percentile, timed } from "../statistics.ts";
import { numbersTable, type System } from "../system.ts";

const ROWS_PER_APPEND = 1_000;
const SMALL_MODEL_ROWS = 2_500_000; // 40 MB

type AppendedRow = { id: number; a: number; b: number };
type Round = { value: number; floor: number };

/** Figure 1: from the request until a reader sees the rows, against what any durable way must at least do. */
export const intentToVisible: Figure = {
  number: 1,
  title: "intent to visible, append of 1,000 rows",
  async run(system, options, say) {
    const small = await roundsOn(system, "small", SMALL_MODEL_ROWS, options, say);
    const large = await roundsOn(system, "large", options.largeModelRows, options, say);
    const smallMs = median(small.map((round) => round.value));
    const largeMs = median(large.map((round) => round.value));
    const growth = largeMs / smallMs;
    return [
      line("40 MB model, p50", small, 0.5),
      { ...line("40 MB model, p99", small, 0.99), met: undefined },
      { ...line(`${megabytes(options.largeModelRows)} MB model, p50`, large, 0.5), met: undefined },
      {
        name: "large ÷ small",
        value: largeMs,
        unit: "ms",
        floor: { name: "40 MB model", value: smallMs },
        ratio: growth,
        goal: "≤ 1.5",
        met: growth <= 1.5,
      },
    ];
  },
};

const megabytes = (rows: number) => Math.round((rows * 16) / 1_000_000);

function line(name: string, rounds: Round[], share: number): Line {
  const ratio = medianRatio(rounds);
  return {
    name,
    value: percentile(
      rounds.map((round) => round.value),
      share,
    ),
    unit: "ms",
    floor: {
      name: "fdatasync + COMMIT + CHECKPOINT in process",
      value: percentile(
        rounds.map((round) => round.floor),
        share,
      ),
    },
    ratio,
    goal: "≤ 3",
    met: ratio <= 3,
  };
}

async function roundsOn(
  system: System,
  name: string,
  modelRows: number,
  { rounds }: FigureOptions,
  say: (what: string) => void,
): Promise<Round[]> {
  say(`building a model of ${megabytes(modelRows)} MB`);
  const model = `visible-${name}`;
  await system.api.createModel({ body: { name: model } });
  const built = await system.apply(model, {
    function: "sql",
    args: { sql: `CREATE TABLE numbers AS ${numbersTable(modelRows)}` },
  });
  await using floor = await openFloor(join(system.home, `floor-${name}`), modelRows);
  let version = built.version ?? 1;
  const results: Round[] = [];
  for (let round = -2; round < rounds; round += 1) {
    const rows = appendedRows(modelRows + (round + 2) * ROWS_PER_APPEND);
    const floorMs = await floor.append(rows);
    const visible = await timed(() => appendAndSee(system, model, version, rows));
    const expected = modelRows + (round + 3) * ROWS_PER_APPEND;
    if (visible.value !== expected) throw new Error(`the reader saw ${visible.value} rows, not ${expected}`);
    version += 1;
    // Two rounds of warming up: the manager's children start, the files enter the cache.
    if (round >= 0) results.push({ value: visible.ms, floor: floorMs });
  }
  return results;
}

function appendedRows(from: number): AppendedRow[] {
  return Array.from({ length: ROWS_PER_APPEND }, (_, index) => ({ id: from + index, a: index, b: -index }));
}

/** The read that waits for the version is sent when the intent is accepted, as a page that shows the result does. */
async function appendAndSee(system: System, model: string, version: number, rows: AppendedRow[]) {
  await system.api.submitIntent(model, { function: "append", args: { table: "numbers", rows } });
  const { rows: answer } = await system.api.queryJson(model, {
    sql: "SELECT count(*) FROM numbers",
    minVersion: version + 1,
  });
  return Number(answer[0]?.[0]);
}

/** The least that a durable intent can cost: the message on disk, one transaction, one checkpoint. */
async function openFloor(file: string, modelRows: number) {
  const database = await openNativeDatabase(`${file}.duckdb`);
  const { connection } = database;
  await connection.run(`CREATE TABLE numbers AS ${numbersTable(modelRows)}`);
  await connection.run("CHECKPOINT");
  const queue = await open(`${file}.queue`, "a");
  return {
    async append(rows: AppendedRow[]): Promise<number> {
      const message = JSON.stringify(rows);
      const { ms } = await timed(async () => {
        await queue.write(message);
        await queue.datasync();
        await connection.run(
          `INSERT INTO numbers SELECT unnest(from_json($1::JSON, '[{"id":"BIGINT","a":"BIGINT","b":"BIGINT"}]'), recursive := true)`,
          [message],
        );
        await connection.run("CHECKPOINT");
      });
      return ms;
    },
    async [Symbol.asyncDispose]() {
      await queue.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
