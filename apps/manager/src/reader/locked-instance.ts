import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

export type LockedInstance = {
  /** A connection whose default catalog is `model`. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
};

/** Read back after locking: a DuckDB that took one of them differently must not meet a user's statement. */
const LOCKED = {
  enable_external_access: "false",
  lock_configuration: "true",
  errors_as_json: "true",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  allow_unsigned_extensions: "false",
} as const;

/**
 * Opens one published version as catalog `model`, and those it may read as further catalogs, all read-only; then
 * takes away files, network, extensions and settings. The order matters: what is attached later cannot be, and
 * `COPY … TO` would still overwrite an attached file while the local file system is there.
 * Throws when a file cannot be opened or a setting does not hold.
 */
export async function openLocked(options: {
  file: string;
  /** Catalog name → file; DuckDB refuses to attach one path twice. */
  reads: Record<string, string>;
  threads: number;
  memoryLimitBytes: number;
}): Promise<LockedInstance> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(options.threads),
    memory_limit: `${options.memoryLimitBytes}B`,
    temp_directory: "",
    autoinstall_known_extensions: LOCKED.autoinstall_known_extensions,
    autoload_known_extensions: LOCKED.autoload_known_extensions,
    allow_community_extensions: LOCKED.allow_community_extensions,
  });
  try {
    await attachAndLock(instance, options);
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return {
    async connect() {
      const connection = await instance.connect();
      await connection.run("USE model");
      return connection;
    },
    close: () => instance.closeSync(),
  };
}

async function attachAndLock(
  instance: DuckDBInstance,
  { file, reads }: { file: string; reads: Record<string, string> },
): Promise<void> {
  const connection = await instance.connect();
  try {
    const catalogs = new Map([["model", file], ...Object.entries(reads)]);
    for (const [catalog, path] of catalogs) {
      await connection.run(`ATTACH ${text(path)} AS "${catalog}" (READ_ONLY)`);
    }
    // For the byte where an error lies; the text form shows a shortened line.
    await connection.run("SET GLOBAL errors_as_json = true");
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    await connection.run("SET enable_external_access = false");
    await connection.run("SET disabled_filesystems = 'LocalFileSystem'");
    await verifyDisabled(connection);
    await connection.run("SET lock_configuration = true");
    await verifyLocked(connection);
  } finally {
    connection.closeSync();
  }
}

// This setting reads back as empty whatever it is. But DuckDB refuses to take a disabled file system back.
async function verifyDisabled(connection: DuckDBConnection): Promise<void> {
  try {
    await connection.run("SET disabled_filesystems = ''");
  } catch (error) {
    if (error instanceof Error && /LocalFileSystem.* cannot be re-enabled/.test(error.message)) return;
    throw error;
  }
  throw new Error("the local file system could not be disabled");
}

async function verifyLocked(connection: DuckDBConnection): Promise<void> {
  const names = Object.keys(LOCKED).map(text).join(", ");
  const result = await connection.runAndReadAll(
    `SELECT name, value FROM system.main.duckdb_settings() WHERE name IN (${names})`,
  );
  const found = new Map(result.getRows().map(([name, value]) => [String(name), String(value)]));
  for (const [name, wanted] of Object.entries(LOCKED)) {
    if (found.get(name) !== wanted) throw new Error(`${name} is ${found.get(name)}, not ${wanted}`);
  }
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
