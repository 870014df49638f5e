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
import { columnsFromParquet, literal, quoted } from "../values/parquet-columns.ts";
import { archiveFolder, recordOfKey } from "./archive-plan.ts";
import { ArchiveRecord } from "./archive-record.ts";
import { hashFile } from "./hash-file.ts";

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
export type Rebuilt = {
  version: number;
  tables: number;
  rows: number;
  /** Constraints, views and the like that could not be made again. */
  leftOut: string[];
};

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
    const rebuilt = await withNewFile(unfinished, record.storageVersion, folder, (connection) =>
      rebuild(connection, record, { store, folder, say }),
    );
    await rename(unfinished, out);
    say(`${out} is complete`);
    return { version: record.version, tables: record.tables.length, ...rebuilt };
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

type Source = { store: ObjectStore; folder: string; say: (line: string) => void };

/** All rows must come back; of what lies around them, what the engine refuses is left out and said. */
async function rebuild(
  connection: DuckDBConnection,
  record: ArchiveRecord,
  source: Source,
): Promise<{ rows: number; leftOut: string[] }> {
  const later = await runInAnyOrder(connection, record.before);
  const leftOut: string[] = [];
  let rows = 0;
  for (const table of record.tables) {
    leftOut.push(...(await rebuildTable(connection, table, source)));
    rows += table.rows;
  }
  leftOut.push(...(await runInAnyOrder(connection, [...later, ...record.after])));
  for (const what of leftOut) source.say(`left out: ${what}`);
  await connection.run("CHECKPOINT");
  return { rows, leftOut };
}

/** Gives what of the table's own text could not be kept: it may refer to itself, and its rows come all at once. */
async function rebuildTable(connection: DuckDBConnection, table: Table, source: Source): Promise<string[]> {
  const name = quoted(table.name);
  const plain = table.columns.map((column) => `${quoted(column.name)} ${column.type}`).join(", ");
  const attempts = [
    { sql: table.sql, stored: table.stored, lost: [] },
    { sql: withoutForeignKeys(table.sql), stored: table.stored, lost: [`the foreign keys of ${name}`] },
    {
      sql: `CREATE TABLE ${name} (${plain})`,
      stored: table.columns.map((column) => column.name),
      lost: [`all of ${table.sql} but columns and rows`],
    },
  ];
  let refusal: unknown;
  for (const { sql, stored, lost } of attempts) {
    try {
      await connection.run(sql);
      await insertParts(connection, { ...table, stored }, source);
      return lost;
    } catch (error) {
      if (error instanceof TeatreeError) throw error;
      refusal = error;
      await connection.run(`DROP TABLE IF EXISTS ${name}`);
    }
  }
  throw refusal;
}

/** The engine writes them as constraints of the table, behind its columns. */
function withoutForeignKeys(sql: string): string {
  return sql.replace(/, FOREIGN KEY \([^)]*\) REFERENCES (?:"(?:[^"]|"")*"|[^\s("]+)\([^)]*\)/g, "");
}

async function insertParts(connection: DuckDBConnection, table: Table, source: Source): Promise<void> {
  for (const [index, part] of table.parts.entries()) {
    source.say(`${table.name}: part ${index + 1} of ${table.parts.length}, ${part.rows} rows`);
    await insertPart(connection, source, table, part);
  }
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${quoted(table.name)}`);
  const [[rows] = []] = counted.getRows();
  if (Number(rows) === table.rows) return;
  throw damaged(`The parts of “${table.name}” hold ${rows} rows and should hold ${table.rows}.`, {
    table: table.name,
  });
}

async function insertPart(
  connection: DuckDBConnection,
  { store, folder }: Source,
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

/** Those that are refused are tried again after the others. Gives what was still refused when a round got nowhere. */
async function runInAnyOrder(connection: DuckDBConnection, statements: readonly string[]): Promise<string[]> {
  let open = [...statements];
  while (open.length > 0) {
    const refused: string[] = [];
    for (const statement of open) {
      await connection.run(statement).catch(() => refused.push(statement));
    }
    if (refused.length === open.length) return refused;
    open = refused;
  }
  return [];
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
