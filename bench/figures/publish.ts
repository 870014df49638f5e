import { copyFile, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import type { Job } from "@teatree/shared/contracts/jobs";
import type { Version } from "@teatree/shared/contracts/versions";
import pg from "pg";
import type { Figure, FigureOptions, Line } from "../figure.ts";
import { median, medianRatio, timed } from "../statistics.ts";
import { numbersTable, type System } from "../system.ts";

const ROWS_PER_APPEND = 1_000;
const SMALL_MODEL_ROWS = 2_500_000; // 40 MB
/** Copies that stay: publishing by copy would keep its versions, too, and write each to other space than the one before. */
const COPIES_KEPT = 8;
/** The manager's processes have seen the whole path, and there are old files to patch. */
const WARMING = 12;
const HISTORY = 200;
/** Some seconds for each version of a model of gigabytes. */
const ARCHIVE_MS = 1_800_000;

type Round = { publishMs: number; copyMs: number; newBytes: number; writtenBytes: number };
type Measured = { rounds: Round[]; sizeBytes: number; historyBytes: number; changedBytes: number };

/** Figure 7: making a version of an append of 1,000 rows, against copying the file; and what a long history takes. */
export const publish: Figure = {
  number: 7,
  title: "publish an append of 1,000 rows; a history of 200 such versions",
  async run(system, options, say) {
    const lines: Line[] = [];
    for (const [name, rows] of [
      ["small", SMALL_MODEL_ROWS],
      ["large", options.largeModelRows],
    ] as const) {
      lines.push(...linesOf(await measure(system, name, rows, options, say)));
    }
    return lines;
  },
};

function linesOf({ rounds, sizeBytes, historyBytes, changedBytes }: Measured): Line[] {
  const size = `${Math.round(sizeBytes / 1_000_000)} MB`;
  const isLarge = sizeBytes > 500_000_000;
  const speed = medianRatio(rounds.map(({ publishMs, copyMs }) => ({ value: copyMs, floor: publishMs })));
  const written = medianRatio(
    rounds.map(({ writtenBytes, newBytes }) => ({ value: writtenBytes, floor: newBytes })),
  );
  const history = historyBytes / (sizeBytes + changedBytes);
  return [
    {
      name: `${size}: find, store, patch, verify, show; p50`,
      value: median(rounds.map(({ publishMs }) => publishMs)),
      unit: "ms",
      floor: { name: "copy of the file with fsync", value: median(rounds.map(({ copyMs }) => copyMs)) },
      ratio: speed,
      goal: "≥ 200 at 1 GB",
      ...(isLarge ? { met: speed >= 200 } : {}),
    },
    {
      name: `${size}: bytes written (pack and read-only file)`,
      value: median(rounds.map(({ writtenBytes }) => writtenBytes)),
      unit: "bytes",
      floor: { name: "changed blocks", value: median(rounds.map(({ newBytes }) => newBytes)) },
      ratio: written,
      goal: "≤ 2",
      met: written <= 2,
    },
    {
      name: `${size}: packs of ${HISTORY} versions`,
      value: historyBytes,
      unit: "bytes",
      floor: { name: "the model and the changed blocks", value: sizeBytes + changedBytes },
      ratio: history,
      goal: "≤ 1.5",
      met: history <= 1.5,
    },
  ];
}

async function measure(
  system: System,
  name: string,
  modelRows: number,
  { rounds }: FigureOptions,
  say: (what: string) => void,
): Promise<Measured> {
  const model = `publish-${name}`;
  say(`building a model of ${modelRows.toLocaleString("en")} rows`);
  const { id } = await system.api.createModel({ body: { name: model } });
  await system.apply(model, {
    function: "sql",
    args: { sql: `CREATE TABLE numbers AS ${numbersTable(modelRows)}` },
  });
  const database = new pg.Client({ connectionString: system.databaseUrl });
  await database.connect();
  const copies = join(system.home, "copies");
  await mkdir(copies);
  try {
    const results: Round[] = [];
    for (let append = 1; append < HISTORY; append += 1) {
      const job = await appendTo(system, model, modelRows + append * ROWS_PER_APPEND);
      // What is measured is one append after the other, not the archive of the load before them.
      if (append === WARMING) await untilArchived(system, model);
      if (append <= WARMING || results.length >= Math.max(rounds, 30)) continue;
      const version = await system.api.getVersion({ params: { model, version: "latest" } });
      const written = await writtenBytes(database, job.id);
      results.push({
        publishMs: await stepsMs(system, job.id),
        copyMs: await copyWithFsync(join(system.home, "versions", id), copies, append),
        newBytes: version.newBytes,
        writtenBytes: written,
      });
    }
    say(`${HISTORY} versions are published`);
    const versions = await allVersions(system, model);
    const [first] = versions;
    if (versions.length !== HISTORY || first === undefined) throw new Error(`${versions.length} versions`);
    const { rows } = await system.api.queryJson(model, { sql: "SELECT count(*) FROM numbers" });
    const expected = modelRows + (HISTORY - 1) * ROWS_PER_APPEND;
    if (Number(rows[0]?.[0]) !== expected)
      throw new Error(`the reader saw ${rows[0]?.[0]} rows, not ${expected}`);
    return {
      rounds: results,
      sizeBytes: first.bytes,
      historyBytes: versions.reduce((sum, version) => sum + version.packBytes, 0),
      changedBytes: versions.slice(1).reduce((sum, version) => sum + version.newBytes, 0),
    };
  } finally {
    await rm(copies, { recursive: true });
    await database.end();
  }
}

async function untilArchived(system: System, model: string): Promise<void> {
  const isArchived = async () =>
    (await system.api.getVersion({ params: { model, version: "latest" } })).archived || undefined;
  await until("the load is archived", isArchived, { timeoutMs: ARCHIVE_MS, everyMs: 250 });
}

function appendTo(system: System, model: string, from: number): Promise<Job> {
  const rows = Array.from({ length: ROWS_PER_APPEND }, (_, index) => ({
    id: from + index,
    a: index,
    b: -index,
  }));
  return system.apply(model, { function: "append", args: { table: "numbers", rows } });
}

/** From the checkpointed file until readers find the version's; the steps follow the outcome by some milliseconds. */
function stepsMs(system: System, job: Job["id"]): Promise<number> {
  return until("the job says how long its publication took", async () => {
    const { steps } = await system.api.getJob({ params: { job } });
    const both = steps.filter(({ name }) => name === "publish" || name === "verify");
    return both.length === 2 ? both.reduce((sum, { durationMs }) => sum + durationMs, 0) : undefined;
  });
}

/** What the publication says in the job's log that it wrote; the log follows the outcome by some milliseconds. */
function writtenBytes(database: pg.Client, job: string): Promise<number> {
  return until("the log says what was written", async () => {
    const { rows } = await database.query<{ line: string }>(
      "SELECT data->>'line' AS line FROM job_event WHERE intent_id = $1 AND data->>'line' LIKE '%; % written'",
      [job],
    );
    const [, value, unit] = /; ([\d.]+) (B|kB|MB|GB) written$/.exec(rows[0]?.line ?? "") ?? [];
    return value === undefined
      ? undefined
      : Number(value) * 1_000 ** ["B", "kB", "MB", "GB"].indexOf(unit ?? "B");
  });
}

/** The newest read-only file, copied as publishing by copy would do it. */
async function copyWithFsync(folder: string, copies: string, round: number): Promise<number> {
  const numberOf = (file: string) => Number(/^v(\d+)-/.exec(file)?.[1] ?? 0);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".duckdb"));
  const newest = files.toSorted((a, b) => numberOf(b) - numberOf(a))[0];
  await rm(join(copies, `${round - COPIES_KEPT}.duckdb`), { force: true });
  const target = join(copies, `${round}.duckdb`);
  const { ms } = await timed(async () => {
    await copyFile(join(folder, newest ?? ""), target);
    const file = await open(target, "r+");
    await file.sync();
    await file.close();
  });
  return ms;
}

async function allVersions(system: System, model: string): Promise<Version[]> {
  const { items } = await system.api.listVersions({ params: { model }, query: { limit: 1000 } });
  return items.toReversed();
}
