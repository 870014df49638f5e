import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { quoteText, rowsOf } from "./engine.ts";

/** Kept with the file for ever: what old readers and the browser engine open. */
export const STORAGE_VERSION = "v1.4.0";
export const BLOCK_SIZE = 65_536;

export type OpenSettings = {
  liveFile: string;
  stagingDir: string;
  memoryLimitBytes: number;
  threads: number;
  /** A file in staging whose content a new live file begins with. */
  copyFrom?: string;
};

export type LiveFile = {
  instance: DuckDBInstance;
  connection: DuckDBConnection;
  /** A second connection, for looking at files while a transaction is open on the first. */
  probe: DuckDBConnection;
  engineVersion: string;
};

/**
 * Opens the live file and locks the engine down: only the staging folder, no extensions, no checkpoint of the engine's own accord,
 * no further setting. Settings are read back; a mismatch is an error, because a door that only seems shut is the worst one.
 */
export async function openLiveFile(settings: OpenSettings): Promise<LiveFile> {
  const instance = await DuckDBInstance.create(settings.liveFile, {
    storage_compatibility_version: STORAGE_VERSION,
    default_block_size: String(BLOCK_SIZE),
    // The publisher copies the file between two checkpoints, so none may happen in between.
    wal_autocheckpoint: "1TB",
    memory_limit: `${settings.memoryLimitBytes}B`,
    threads: String(settings.threads),
    temp_directory: join(settings.stagingDir, "spill"),
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
  });
  const connection = await instance.connect();
  for (const statement of [
    "SET GLOBAL errors_as_json = true",
    "SET GLOBAL TimeZone = 'UTC'",
    "SET enable_progress_bar = true",
    "SET enable_progress_bar_print = false",
    `SET allowed_directories = [${quoteText(settings.stagingDir)}]`,
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ]) {
    await connection.run(statement);
  }
  await checkSettings(connection, settings);
  await checkStorage(connection);
  const version = await rowsOf(connection, "SELECT system.main.version()");
  return { instance, connection, probe: await instance.connect(), engineVersion: String(version[0]?.[0]) };
}

async function checkSettings(connection: DuckDBConnection, settings: OpenSettings): Promise<void> {
  const found = await rowsOf(connection, "SELECT name, value FROM system.main.duckdb_settings()");
  const values = new Map(found.map(([name, value]) => [String(name), String(value)]));
  const expected: Record<string, string> = {
    enable_external_access: "false",
    lock_configuration: "true",
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
    allow_unsigned_extensions: "false",
    errors_as_json: "true",
    threads: String(settings.threads),
    TimeZone: "UTC",
  };
  for (const [name, wanted] of Object.entries(expected)) {
    const actual = values.get(name);
    if (actual !== wanted) throw mismatch(name, wanted, actual);
  }
  const staging = settings.stagingDir.replace(/\/+$/, "");
  // The engine adds its own spill folder and the files of its log.
  checkList("allowed_directories", values, [`${staging}/`, `${staging}/spill/`]);
  const live = settings.liveFile;
  checkList("allowed_paths", values, [live, `${live}.wal`, `${live}.wal.recovery`, `${live}.wal.checkpoint`]);
  const checkpointAt = values.get("wal_autocheckpoint") ?? "";
  if (!/^9\d\d\.\d GiB$/.test(checkpointAt)) throw mismatch("wal_autocheckpoint", "1TB", checkpointAt);
}

/** Nothing may be reachable that is not expected. */
function checkList(name: string, values: ReadonlyMap<string, string>, expected: readonly string[]): void {
  const actual = values.get(name) ?? "nothing";
  const entries = actual.replace(/^\[|\]$/g, "").split(", ");
  const surprise = entries.find((entry) => entry !== "" && !expected.includes(entry));
  if (surprise !== undefined || !actual.startsWith("["))
    throw mismatch(name, `[${expected.join(", ")}]`, actual);
}

/** The file may be older than this code: then its block size and storage version must still be the ones that are published. */
async function checkStorage(connection: DuckDBConnection): Promise<void> {
  const size = await rowsOf(
    connection,
    "SELECT block_size FROM pragma_database_size() WHERE database_name = 'model'",
  );
  if (Number(size[0]?.[0]) !== BLOCK_SIZE) {
    throw mismatch("block size", String(BLOCK_SIZE), String(size[0]?.[0]));
  }
  const tags = await rowsOf(
    connection,
    "SELECT tags['storage_version'] FROM system.main.duckdb_databases() WHERE database_name = 'model'",
  );
  const version = String(tags[0]?.[0]).replace(/\+$/, "");
  if (version !== STORAGE_VERSION) throw mismatch("storage version", STORAGE_VERSION, version);
}

function mismatch(name: string, wanted: string, actual: string | undefined): TeatreeError {
  return new TeatreeError(
    "internal",
    `The engine says ${name} = ${actual ?? "nothing"}, and it must be ${wanted}. The model is not opened.`,
  );
}
