import type { DuckDBDataChunk } from "@duckdb/node-api";
import { ARROW_STREAM, PARQUET, type ResultType } from "@teatree/shared/contracts/query";
import { arrowStream } from "./arrow-stream.ts";
import type { FileFormat, FileWriters } from "./file-writer.ts";
import { jsonText } from "./json-text.ts";
import type { NamedColumn } from "./named-column.ts";
import type { ResultMeter } from "./result-meter.ts";
import { createSpool, type Spool, type SpoolMemory } from "./spool.ts";

/** Turns chunks into a complete result in one format. */
export type ResultEncoder = {
  /** Adds the chunk's first `rows` rows; the chunk is the encoder's from then on. */
  add(chunk: DuckDBDataChunk, rows: number): Promise<void>;
  /** The complete result; the caller disposes of it, and no longer of the encoder. */
  end(truncated: boolean): Promise<Spool>;
  interrupt(): void;
  dispose(): Promise<void>;
};

export type Encoders = {
  open(
    request: { queryId: string; version: number; accept: ResultType },
    columns: NamedColumn[],
    meter: ResultMeter,
  ): Promise<ResultEncoder>;
};

/** `folder` takes what does not fit into memory, and files while DuckDB writes them. */
export function resultEncoders(folder: string, memory: SpoolMemory, files: FileWriters): Encoders {
  return {
    async open({ queryId, version, accept }, columns, meter) {
      const spool = createSpool(folder, queryId, memory);
      if (accept === ARROW_STREAM) return pieceEncoder(spool, arrowStream(columns, meter));
      if (accept === "application/json") return pieceEncoder(spool, jsonText(version, columns, meter));
      return fileEncoder(spool, files, accept === PARQUET ? "parquet" : "csv", columns, meter);
    },
  };
}

type PieceMaker = {
  add(chunk: DuckDBDataChunk, rows: number): Uint8Array[];
  end(truncated: boolean): Uint8Array[];
};

function pieceEncoder(spool: Spool, maker: PieceMaker): ResultEncoder {
  return {
    add: (chunk, rows) => spool.add(maker.add(chunk, rows)),
    async end(truncated) {
      await spool.add(maker.end(truncated));
      return spool;
    },
    interrupt() {},
    dispose: () => spool.dispose(),
  };
}

async function fileEncoder(
  spool: Spool,
  files: FileWriters,
  format: FileFormat,
  columns: NamedColumn[],
  meter: ResultMeter,
): Promise<ResultEncoder> {
  const writer = await files.open(format, columns, meter);
  return {
    async add(chunk, rows) {
      if (rows !== chunk.rowCount) chunk.rowCount = rows;
      writer.add(chunk);
    },
    async end() {
      const { path, bytes } = await writer.end();
      await writer.dispose();
      spool.adopt(path, bytes);
      return spool;
    },
    interrupt: () => writer.interrupt(),
    async dispose() {
      await writer.dispose();
      await spool.dispose();
    },
  };
}
