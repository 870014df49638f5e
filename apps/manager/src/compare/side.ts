import { type DuckDBConnection, DuckDBListValue, type DuckDBValue } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";

export type SideColumn = { name: string; type: string; nullable: boolean };

/** A table in one of two versions that are attached to one connection. */
export type Side = {
  catalog: string;
  table: string;
  columns: SideColumn[];
  rows: number;
  /** Column lists of PRIMARY KEY and UNIQUE. */
  keys: string[][];
};

/** A column that both sides have. */
export type CommonColumn = { name: string; before: string; after: string };

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function tableOf({ catalog, table }: Pick<Side, "catalog" | "table">): string {
  return `${quoted(catalog)}.main.${quoted(table)}`;
}

export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** null: there is no such table in this catalog. Functions are named in full: a model may have macros of the same names. */
export async function readSide(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
): Promise<Side | null> {
  const where = `database_name = ${literal(catalog)} AND schema_name = 'main' AND table_name = ${literal(table)}`;
  const tables = await rowsOf(connection, `SELECT 1 FROM system.main.duckdb_tables() WHERE ${where}`);
  if (tables.length === 0) return null;
  const columns = await rowsOf(
    connection,
    `SELECT column_name, data_type, is_nullable FROM system.main.duckdb_columns() WHERE ${where} ORDER BY column_index`,
  );
  if (columns.some(([name]) => /^rowid$/i.test(String(name)))) {
    // It would hide the row ids by which differing rows are remembered.
    throw new TeatreeError("invalid_arguments", "A table with a column “rowid” cannot be compared by rows.");
  }
  const keys = await rowsOf(
    connection,
    `SELECT constraint_column_names
     FROM system.main.duckdb_constraints() WHERE ${where} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')
     ORDER BY constraint_type, constraint_index`,
  );
  const [[rows] = []] = await rowsOf(
    connection,
    `SELECT system.main.count(*) FROM ${tableOf({ catalog, table })}`,
  );
  return {
    catalog,
    table,
    columns: columns.map(([name, type, nullable]) => ({
      name: String(name),
      type: String(type),
      nullable: nullable === true,
    })),
    rows: Number(rows),
    keys: keys.map(([names]) => (names instanceof DuckDBListValue ? names.items.map(String) : [])),
  };
}

export function commonColumns(before: Side, after: Side): CommonColumn[] {
  const types = new Map(before.columns.map(({ name, type }) => [name, type]));
  return after.columns.flatMap(({ name, type }) => {
    const was = types.get(name);
    return was === undefined ? [] : [{ name, before: was, after: type }];
  });
}
