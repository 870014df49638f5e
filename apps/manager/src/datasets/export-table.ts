import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { withSnapshot } from "../files/with-snapshot.ts";
import { carriedColumns, carriedType, literal, quoted } from "../values/parquet-columns.ts";
import type { DatasetAnswer, DatasetCall } from "./dataset-call.ts";
import { datasetCarrier, isRefused, returnedType } from "./dataset-types.ts";

/**
 * Writes a table as Parquet that Polars reads exactly. Throws `invalid_data` naming the column of a type that Polars has no equal
 * of, or with a value that its carrier cannot hold.
 */
export async function exportDataset(
  { snapshot, table, target }: DatasetCall,
  scratchDir: string,
): Promise<DatasetAnswer> {
  return withSnapshot(snapshot, scratchDir, async (connection) => {
    const from = `snapshot.main.${quoted(table)}`;
    const columns = await columnsOf(connection, from, table);
    const types = columns.map(({ type }) => type);
    const select = `SELECT ${carriedColumns(
      columns.map(({ name }) => name),
      types,
      datasetCarrier,
    )} FROM ${from}`;
    try {
      // zstd takes longer to write than it saves to read.
      await connection.run(`COPY (${select}) TO ${literal(target)} (FORMAT parquet, COMPRESSION snappy)`);
    } catch (error) {
      if (!/Conversion Error|Out of Range/i.test(String(error))) throw error;
      const wide = columns.filter(({ type }) => carriedType(type, datasetCarrier).includes("DECIMAL(38,0)"));
      throw notForPolars(
        table,
        wide.map(({ name }) => name).join(", "),
        "has numbers of more than 38 digits",
      );
    }
    return {
      columns: columns.map(({ name, type }) => ({
        name,
        type: type.alias === "JSON" ? "JSON" : type.toString(),
        returned: returnedType(type),
      })),
    };
  });
}

async function columnsOf(
  connection: DuckDBConnection,
  from: string,
  table: string,
): Promise<{ name: string; type: DuckDBType }[]> {
  const shape = await connection.run(`SELECT * FROM ${from} LIMIT 0`);
  const types = shape.columnTypes();
  return shape.columnNames().flatMap((name, index) => {
    const type = types[index];
    if (type === undefined) return [];
    if (isRefused(type)) throw notForPolars(table, name, `has the type ${type}`);
    return [{ name, type }];
  });
}

function notForPolars(table: string, column: string, why: string): TeatreeError {
  return new TeatreeError(
    "invalid_data",
    `Polars cannot read “${table}”: its column “${column}” ${why}. Make a table without it in SQL first.`,
    { details: { table, field: column } },
  );
}
