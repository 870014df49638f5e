import { mkdir } from "node:fs/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { literal } from "../values/parquet-columns.ts";

/**
 * Reads a DuckDB file, attached as `snapshot`, in a fresh instance: what it needed is given back. Throws `disk_full` and `internal` for
 * what DuckDB throws. Not in the writer's process.
 */
export async function withSnapshot<T>(
  path: string,
  scratchDir: string,
  read: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  await mkdir(scratchDir, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "1GB",
    temp_directory: scratchDir,
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH ${literal(path)} AS snapshot (READ_ONLY)`);
    return await read(connection);
  } catch (error) {
    if (error instanceof TeatreeError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const code = /No space left|disk is full/i.test(message) ? "disk_full" : "internal";
    throw new TeatreeError(code, message, { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
