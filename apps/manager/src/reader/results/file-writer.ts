import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
} from "@duckdb/node-api";
import { chunkBytes } from "./chunk-bytes.ts";
import { parquetType, quoted, tableType, uniqueNames } from "./file-types.ts";
import type { NamedColumn } from "./named-column.ts";
import type { ResultMeter } from "./result-meter.ts";

export type FileFormat = "csv" | "parquet";

/**
 * Writes results as files with DuckDB's own writers. A reader that is locked down cannot write, so the rows go
 * over to an instance in memory that is not locked and never runs a word of the user's text.
 */
export type FileWriters = {
  open(format: FileFormat, columns: NamedColumn[], meter: ResultMeter): Promise<FileWriter>;
  close(): void;
};

export type FileWriter = {
  /** Takes the whole chunk over: its row count is what counts. */
  add(chunk: DuckDBDataChunk): void;
  /** Writes the file and says where it lies; removing it is the caller's. */
  end(): Promise<{ path: string; bytes: number }>;
  interrupt(): void;
  dispose(): Promise<void>;
};

export function fileWriters(options: {
  folder: string;
  threads: number;
  memoryLimitBytes: number;
}): FileWriters {
  let instance: Promise<DuckDBInstance> | undefined;
  let opened = 0;
  return {
    async open(format, columns, meter) {
      instance ??= DuckDBInstance.create(":memory:", {
        threads: String(options.threads),
        memory_limit: `${options.memoryLimitBytes}B`,
        temp_directory: join(options.folder, "spill"),
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
      });
      opened += 1;
      const table = `result_${opened}`;
      const connection = await (await instance).connect();
      await connection.run("SET TimeZone = 'UTC'");
      return openWriter(
        connection,
        table,
        join(options.folder, `${table}.${format}`),
        format,
        columns,
        meter,
      );
    },
    close() {
      instance?.then((open) => open.closeSync()).catch(() => undefined);
    },
  };
}

async function openWriter(
  connection: DuckDBConnection,
  table: string,
  path: string,
  format: FileFormat,
  columns: NamedColumn[],
  meter: ResultMeter,
): Promise<FileWriter> {
  const names = uniqueNames(columns.map(({ name }) => name));
  const definitions = columns.map(({ type }, index) => `${quoted(names[index] ?? "")} ${tableType(type)}`);
  await connection.run(`CREATE TABLE ${table} (${definitions.join(", ")})`);
  const appender: DuckDBAppender = await connection.createAppender(table);
  return {
    add(chunk) {
      meter.add(chunkBytes(chunk, columns));
      if (chunk.rowCount > 0) appender.appendDataChunk(chunk);
    },
    async end() {
      appender.flushSync();
      await connection.run(copyStatement(table, path, format, columns, names));
      return { path, bytes: (await stat(path)).size };
    },
    interrupt: () => connection.interrupt(),
    async dispose() {
      appender.closeSync();
      await connection.run(`DROP TABLE ${table}`).catch(() => undefined);
      connection.closeSync();
    },
  };
}

function copyStatement(
  table: string,
  path: string,
  format: FileFormat,
  columns: NamedColumn[],
  names: string[],
): string {
  const target = `'${path.replaceAll("'", "''")}'`;
  if (format === "csv") return `COPY ${table} TO ${target} (FORMAT csv, HEADER true)`;
  const list = columns.map(({ type }, index) => {
    const name = quoted(names[index] ?? "");
    const wanted = parquetType(type);
    return wanted === tableType(type) ? name : `${name}::${wanted} AS ${name}`;
  });
  return `COPY (SELECT ${list.join(", ")} FROM ${table}) TO ${target} (FORMAT parquet, COMPRESSION zstd)`;
}
