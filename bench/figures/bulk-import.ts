import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { UploadId } from "@teatree/shared/contracts/ids";
import type { Figure, FigureOptions, Line } from "../figure.ts";
import { openNativeDatabase } from "../local-snapshot.ts";
import { median, medianRatio, timed } from "../statistics.ts";
import type { System } from "../system.ts";

const FORMATS = ["parquet", "csv"] as const;
type Format = (typeof FORMATS)[number];

/** Figure 3: a file of rows becomes an archived version, against the same engine reading the same file in process. */
export const bulkImport: Figure = {
  number: 3,
  title: "bulk import, archive included",
  async run(system, options, say) {
    const folder = join(system.home, "bulk");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const lines: Line[] = [];
    for (const format of FORMATS) {
      const file = `${folder}.${format}`;
      say(`writing ${options.rows.toLocaleString("en")} rows of ${format}`);
      await connection.run(`COPY (${sourceRows(options.rows)}) TO '${file}'`);
      lines.push(await importing(system, file, format, options, say));
    }
    connection.closeSync();
    instance.closeSync();
    return lines;
  },
};

function sourceRows(rows: number): string {
  return `SELECT i AS id, TIMESTAMP '2001-01-01' + to_seconds(i) AS "at", (hash(i) % 5000)::INTEGER AS distance,
    (hash(i + 7) % 400)::INTEGER - 60 AS delay, 'A' || (hash(i + 13) % 229) AS origin, (i % 1000) / 8.0 AS share
    FROM range(${rows}) t(i)`;
}

async function importing(
  system: System,
  file: string,
  format: Format,
  { rounds, rows }: FigureOptions,
  say: (what: string) => void,
): Promise<Line> {
  const model = `bulk-${format}`;
  await system.api.createModel({ body: { name: model } });
  const { uploadId } = await system.api.createUpload({
    model,
    filename: `rows.${format}`,
    file: await openAsBlob(file),
  });
  await using native = await openNativeDatabase(`${file}.duckdb`);
  const pairs: { value: number; floor: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    say(`${format}, round ${round + 1} of ${rounds}`);
    const floor = await timed(() => nativeImport(native.connection, file, format));
    const ours = await timed(() => importAndArchive(system, model, uploadId));
    if (ours.value !== rows || floor.value !== rows)
      throw new Error(`${ours.value} rows arrived, not ${rows}`);
    if (round >= 0) pairs.push({ value: ours.ms / 1000, floor: floor.ms / 1000 });
  }
  const share = 1 / medianRatio(pairs);
  return {
    name: `${rows.toLocaleString("en")} rows of ${format}`,
    value: median(pairs.map((pair) => pair.value)),
    unit: "s",
    floor: {
      name: `INSERT … FROM read_${format} + CHECKPOINT in process`,
      value: median(pairs.map((pair) => pair.floor)),
    },
    ratio: share,
    goal: "≥ 0.9 of native speed",
    met: share >= 0.9,
  };
}

async function nativeImport(connection: DuckDBConnection, file: string, format: Format): Promise<number> {
  await connection.run(`CREATE OR REPLACE TABLE rows AS FROM read_${format}('${file}') LIMIT 0`);
  await connection.run(`INSERT INTO rows FROM read_${format}('${file}')`);
  await connection.run("CHECKPOINT");
  const counted = await connection.runAndReadAll("SELECT count(*)::INTEGER FROM rows");
  return Number(counted.getRows()[0]?.[0]);
}

async function importAndArchive(system: System, model: string, uploadId: UploadId): Promise<number> {
  const job = await system.apply(model, {
    function: "import",
    args: { table: "rows", uploadId, mode: "replace" },
  });
  const version = job.version ?? 0;
  for (;;) {
    const { archived, tables } = await system.api.getVersion({ params: { model, version } });
    if (archived) return tables[0]?.rows ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
