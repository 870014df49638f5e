import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { liveTable, rowsOf, WholeNumber } from "./engine.ts";

export type CatalogColumn = { name: string; type: string; nullable: boolean; default: string | null };
export type CatalogTable = { name: string; columns: CatalogColumn[]; schemaHash: string };

const ColumnRow = z.tuple([z.string(), z.string(), z.string(), z.boolean(), z.string().nullable()]);

/** The user's tables of the live file, by name, as the open transaction sees them. */
export async function catalogTables(connection: DuckDBConnection): Promise<Map<string, CatalogTable>> {
  const found = await rowsOf(
    connection,
    `SELECT c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default
     FROM system.main.duckdb_columns() c
     JOIN system.main.duckdb_tables() t ON t.table_oid = c.table_oid AND t.database_name = c.database_name
     WHERE c.database_name = 'model' AND c.schema_name = 'main' AND NOT t.temporary AND NOT t.internal
     ORDER BY c.table_name, c.column_index`,
  );
  const constraints = await constraintTexts(connection);
  const columns = new Map<string, CatalogColumn[]>();
  for (const row of found) {
    const [table, name, type, nullable, preset] = ColumnRow.parse(row);
    const list = columns.get(table) ?? [];
    list.push({ name, type, nullable, default: preset });
    columns.set(table, list);
  }
  const tables = new Map<string, CatalogTable>();
  for (const [name, list] of columns) {
    const schemaHash = sha256(JSON.stringify([list, constraints.get(name) ?? []]));
    tables.set(name, { name, columns: list, schemaHash });
  }
  return tables;
}

async function constraintTexts(connection: DuckDBConnection): Promise<Map<string, string[]>> {
  const found = await rowsOf(
    connection,
    `SELECT table_name, constraint_text FROM system.main.duckdb_constraints()
     WHERE database_name = 'model' AND schema_name = 'main' ORDER BY table_name, constraint_text`,
  );
  const texts = new Map<string, string[]>();
  for (const row of found) {
    const [table, text] = z.tuple([z.string(), z.string()]).parse(row);
    texts.set(table, [...(texts.get(table) ?? []), text]);
  }
  return texts;
}

export async function rowCount(connection: DuckDBConnection, table: string): Promise<number> {
  const found = await rowsOf(connection, `SELECT system.main.count(*) FROM ${liveTable(table)}`);
  return WholeNumber.parse(found[0]?.[0]);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
