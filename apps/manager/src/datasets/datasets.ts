import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import type { Logger } from "@teatree/shared/runtime/logger";
import { z } from "zod";
import { startChildCaller } from "../children/child-caller.ts";
import { linkVersion } from "../files/link-version.ts";
import { DatasetAnswer, type DatasetCall, DatasetColumn } from "./dataset-call.ts";

/** One table of a version as Parquet on this machine. */
export type DatasetTable = { path: string; columns: DatasetColumn[] };

/** A table by what it holds: its Parquet file is the same in every version that has that content. */
export type WantedTable = { table: string; contentHash: string; schemaHash: string };

export type DatasetsOptions = {
  /** A cache: whatever lies there can be made again. */
  folder: string;
  versionsDir: string;
  ensureFile: (file: VersionFile) => Promise<void>;
  /** When the files of all tables take more than that, those that were not read for longest go. */
  mostBytes: number;
  logger: Logger;
};

export interface Datasets {
  /**
   * The tables of a version as Parquet files, those that are not there made from the version's own file, which may have to be made
   * from blocks. Each is put under a name of the caller's own, so that it stays while it is read; the caller removes it. Rejects
   * with `invalid_data` for types that Polars cannot read, `disk_full`, `block_damaged`.
   */
  hydrate(
    file: string,
    tables: WantedTable[],
    place: (name: string) => string,
  ): Promise<Map<string, DatasetTable>>;
  stop(): Promise<void>;
}

const UNFINISHED = ".unfinished";

/** The tables of versions as Polars reads them, by content. */
export async function startDatasets(options: DatasetsOptions): Promise<Datasets> {
  const { folder, versionsDir, ensureFile, logger } = options;
  await mkdir(folder, { recursive: true });
  await removeUnfinished(folder);
  const child = startChildCaller<DatasetCall, DatasetAnswer>({
    name: "dataset",
    script: new URL("./dataset-child.ts", import.meta.url),
    answer: DatasetAnswer,
    logger,
    lazy: true,
    env: { TEATREE_DATASET_SCRATCH: join(folder, `scratch${UNFINISHED}`) },
  });

  async function tableOf(file: string, wanted: WantedTable, target: string): Promise<DatasetColumn[]> {
    const path = join(folder, `${nameOf(wanted)}.parquet`);
    const known = await take(path, target);
    if (known) return known;
    const columns = await make(file, wanted, path);
    await linkVersion(path, target, async () => void (await make(file, wanted, path)));
    return columns;
  }

  /** A file that is there is used under a link of one's own: removing it does not take it away. */
  async function take(path: string, target: string): Promise<DatasetColumn[] | null> {
    try {
      const columns = z.array(DatasetColumn).parse(JSON.parse(await readFile(`${path}.columns`, "utf8")));
      await linkVersion(path, target, () => Promise.reject(new Error("it is not there")));
      const now = new Date();
      await utimes(path, now, now);
      return columns;
    } catch {
      return null;
    }
  }

  async function make(file: string, { table }: WantedTable, path: string): Promise<DatasetColumn[]> {
    const unfinished = `${path}.${randomUUID()}${UNFINISHED}`;
    const snapshot = `${unfinished}.duckdb${UNFINISHED}`;
    const version = VersionFile.parse(file);
    try {
      await linkVersion(join(versionsDir, version), snapshot, () => ensureFile(version));
      const { columns } = await child.call({ snapshot, table, target: unfinished });
      await writeFile(`${path}.columns`, JSON.stringify(columns));
      await rename(unfinished, path);
      return columns;
    } finally {
      await Promise.all([rm(unfinished, { force: true }), rm(snapshot, { force: true })]);
    }
  }

  return {
    async hydrate(file, tables, place) {
      const found = new Map<string, DatasetTable>();
      for (const wanted of tables) {
        const path = place(`dataset-${randomUUID()}.parquet`);
        found.set(wanted.table, { path, columns: await tableOf(file, wanted, path) });
      }
      await trim(folder, options.mostBytes);
      return found;
    },
    stop: child.stop,
  };
}

function nameOf({ table, contentHash, schemaHash }: WantedTable): string {
  return createHash("sha256")
    .update(JSON.stringify([table, contentHash, schemaHash]))
    .digest("hex");
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function trim(folder: string, mostBytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".parquet"));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => null);
      return { path, bytes: facts?.size ?? 0, usedAt: facts?.mtimeMs ?? 0 };
    }),
  );
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= mostBytes) return;
    await rm(path, { force: true });
    await rm(`${path}.columns`, { force: true });
    total -= bytes;
  }
}
