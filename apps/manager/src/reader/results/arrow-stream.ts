import type { DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { ARROW_TYPE_KEY } from "@teatree/shared/contracts/arrow-metadata";
import { Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from "apache-arrow";
import { arrowColumn } from "./arrow-columns.ts";
import type { NamedColumn } from "./named-column.ts";
import type { ResultMeter } from "./result-meter.ts";

/** Many small batches cost the reader more than they save; larger ones only cost memory. */
const BATCH_ROWS = 65_536;
const BATCH_BYTES = 16_777_216;

/** Turns DuckDB's chunks into an Arrow IPC stream, piece by piece. */
export type ArrowStream = {
  /** Adds the chunk's first `rows` rows. Gives the pieces that are ready, in order. */
  add(chunk: DuckDBDataChunk, rows: number): Uint8Array[];
  end(): Uint8Array[];
};

export function arrowStream(columns: NamedColumn[], meter: ResultMeter): ArrowStream {
  const collectors = columns.map(({ type }) => arrowColumn(type, meter));
  const schema = new Schema(
    columns.map(
      ({ name, typeName }, index) =>
        new Field(name, typeOf(collectors, index), true, new Map([[ARROW_TYPE_KEY, typeName]])),
    ),
  );
  const writer = new PieceWriter();
  let rowsInBatch = 0;
  let bytesBefore = 0;
  let batches = 0;

  function writeBatch(): void {
    const children = collectors.map((column) => column.take());
    const type = new Struct(schema.fields);
    const data = makeData({ type, length: rowsInBatch, nullCount: 0, children });
    writer.write(new RecordBatch(schema, data));
    rowsInBatch = 0;
    bytesBefore = meter.bytes;
    batches += 1;
  }

  return {
    add(chunk, rows) {
      const size = chunk.rowCount;
      for (const [index, column] of collectors.entries()) {
        column.source(duckdb.data_chunk_get_vector(chunk.chunk, index), size);
        column.append(0, rows);
      }
      rowsInBatch += rows;
      if (rowsInBatch >= BATCH_ROWS || meter.bytes - bytesBefore >= BATCH_BYTES) writeBatch();
      return writer.takePieces();
    },
    end() {
      // A dictionary without a batch, or no batch at all, trips some readers: an empty result has an empty one.
      if (rowsInBatch > 0 || batches === 0) writeBatch();
      writer.finish();
      return writer.takePieces();
    },
  };
}

/** Apache Arrow's writer, handing out the buffers themselves: its own sink would copy them all once more. */
class PieceWriter extends RecordBatchStreamWriter {
  #pieces: Uint8Array[] = [];

  takePieces(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  protected override _write(chunk: ArrayBufferView): this {
    const piece = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this._started && piece.byteLength > 0) this.#pieces.push(piece);
    return this;
  }
}

function typeOf(collectors: ReturnType<typeof arrowColumn>[], index: number) {
  const column = collectors[index];
  if (column === undefined) throw new Error("a column without a collector");
  return column.type;
}
