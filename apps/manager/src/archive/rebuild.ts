import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { wordVersions } from "@teatree/shared/control-db/version-ranges";
import type { ObjectStore } from "@teatree/shared/object-store/open-object-store";
import { archiveFolder, recordOfKey } from "./archive-plan.ts";
import { ArchiveRecord } from "./archive-record.ts";
import { hashFile } from "./hash-file.ts";
import { columnsFromParquet, literal, quoted } from "./parquet-types.ts";

export type RebuildOptions = {
  store: ObjectStore;
  modelId: ModelId;
  /** Without it the newest that is in the archive. */
  version?: number;
  /** The file to write; there must be none yet. */
  out: string;
  /** Told what it does, a line at a time. */
  say: (line: string) => void;
};
export type Rebuilt = { version: number; tables: number; rows: number };

type Table = ArchiveRecord["tables"][number];
type Part = Table["parts"][number];

/**
 * Makes a DuckDB file that holds a version's tables, views and macros, with nothing but the object store. Every part is held against
 * its SHA-256 and its rows before it counts. Nothing is left at `out` unless all of it is good. Throws `not_found`,
 * `archive_damaged`, `invalid_arguments`, `disk_full`, and what the store throws.
 */
export async function rebuildVersion(options: RebuildOptions): Promise<Rebuilt> {
  const { store, out, say } = options;
  if (existsSync(out)) {
    throw new TeatreeError("invalid_arguments", `There is a file ${out} already. It is left as it is.`);
  }
  const record = await readRecord(options);
  say(`version ${record.version} of ${record.model}, published ${record.createdAt}`);
  const unfinished = `${out}.unfinished`;
  const folder = `${unfinished}.parts`;
  await clear(unfinished, folder);
  try {
    await mkdir(dirname(unfinished), { recursive: true });
    await mkdir(folder, { recursive: true });
    const rows = await withNewFile(unfinished, record.storageVersion, folder, (connection) =>
      rebuild(connection, record, { store, folder, say }),
    );
    await rename(unfinished, out);
    say(`${out} is complete`);
    return { version: record.version, tables: record.tables.length, rows };
  } finally {
    await clear(unfinished, folder);
  }
}

async function clear(file: string, folder: string): Promise<void> {
  for (const path of [file, `${file}.wal`, folder]) await rm(path, { recursive: true, force: true });
}

async function readRecord({ store, modelId, version }: RebuildOptions): Promise<ArchiveRecord> {
  const found = new Map<number, { key: string; epoch: number }>();
  for await (const { key } of store.list(archiveFolder(modelId))) {
    const place = recordOfKey(key);
    // Whoever held the lease last says it as well as the one before.
    if (place && place.epoch >= (found.get(place.version)?.epoch ?? 0)) {
      found.set(place.version, { key, epoch: place.epoch });
    }
  }
  const versions = [...found.keys()].sort((a, b) => a - b);
  const key = found.get(version ?? versions.at(-1) ?? 0)?.key;
  if (key === undefined) {
    const kept = versions.length === 0 ? "none" : wordVersions(versions);
    const wanted = version === undefined ? "a version" : `version ${version}`;
    throw new TeatreeError(
      "not_found",
      `The archive has no record of ${wanted} of ${modelId}. Versions it has: ${kept}.`,
    );
  }
  const bytes = await buffer((await store.get(key)).stream);
  try {
    return ArchiveRecord.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw new TeatreeError("archive_damaged", `The record ${key} cannot be read.`, {
      details: { key },
      cause: error,
    });
  }
}

async function rebuild(
  connection: DuckDBConnection,
  record: ArchiveRecord,
  source: { store: ObjectStore; folder: string; say: (line: string) => void },
): Promise<number> {
  for (const statement of record.before) await connection.run(statement);
  let total = 0;
  for (const table of record.tables) {
    await connection.run(table.sql);
    for (const [index, part] of table.parts.entries()) {
      source.say(`${table.name}: part ${index + 1} of ${table.parts.length}, ${part.rows} rows`);
      await insertPart(connection, source, table, part);
    }
    const [[rows] = []] = (
      await connection.runAndReadAll(`SELECT count(*) FROM ${quoted(table.name)}`)
    ).getRows();
    if (Number(rows) !== table.rows) {
      throw damaged(`The parts of “${table.name}” hold ${rows} rows and should hold ${table.rows}.`, {
        table: table.name,
      });
    }
    total += table.rows;
  }
  await runInAnyOrder(connection, record.after);
  await connection.run("CHECKPOINT");
  return total;
}

async function insertPart(
  connection: DuckDBConnection,
  { store, folder }: { store: ObjectStore; folder: string },
  table: Table,
  part: Part,
): Promise<void> {
  const { key } = part;
  const path = join(folder, "part.parquet");
  if ((await store.head(key)) === null) throw damaged(`The part ${key} is missing.`, { key });
  await pipeline((await store.get(key)).stream, createWriteStream(path));
  const file = await hashFile(path);
  if (file.bytes !== part.bytes) {
    throw damaged(`The part ${key} has ${file.bytes} bytes and should have ${part.bytes}.`, { key });
  }
  if (file.sha256 !== part.sha256) {
    throw damaged(`The part ${key} is not what was archived: its SHA-256 differs.`, { key });
  }
  const stored = table.columns.filter(({ name }) => table.stored.includes(name));
  const names = stored.map(({ name }) => quoted(name)).join(", ");
  const { rowsChanged } = await connection.run(
    `INSERT INTO ${quoted(table.name)} (${names})
     SELECT ${columnsFromParquet(stored)} FROM read_parquet(${literal(path)})`,
  );
  if (rowsChanged !== part.rows) {
    throw damaged(`The part ${key} has ${rowsChanged} rows and should have ${part.rows}.`, { key });
  }
}

function damaged(message: string, details: Record<string, string>): TeatreeError {
  return new TeatreeError("archive_damaged", message, { details });
}

/** Those that are refused are tried again after the others. Throws the first refusal when a round gets nowhere. */
async function runInAnyOrder(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  let open = [...statements];
  while (open.length > 0) {
    const refused: string[] = [];
    let first: unknown;
    for (const statement of open) {
      try {
        await connection.run(statement);
      } catch (error) {
        first ??= error;
        refused.push(statement);
      }
    }
    if (refused.length === open.length) throw first;
    open = refused;
  }
}

async function withNewFile<T>(
  path: string,
  storageVersion: string,
  folder: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(path, {
    storage_compatibility_version: storageVersion,
    default_block_size: "65536",
    temp_directory: join(folder, "spill"),
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } catch (error) {
    if (!/No space left|disk is full/i.test(String(error))) throw error;
    throw new TeatreeError("disk_full", "There is no room for the file.", { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
