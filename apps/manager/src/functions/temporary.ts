import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, rowsOf } from "../writer/engine.ts";

/**
 * Drops what user SQL made with TEMP: the connection outlives the intent, and a later one must not see it. Only types stay behind;
 * PIVOT gives them random names.
 */
export async function dropTemporary(connection: DuckDBConnection): Promise<void> {
  const found = await rowsOf(
    connection,
    `SELECT 'VIEW', view_name FROM system.main.duckdb_views() WHERE database_name = 'temp' AND NOT internal
     UNION ALL SELECT 'TABLE', table_name FROM system.main.duckdb_tables() WHERE database_name = 'temp'
     UNION ALL SELECT DISTINCT CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END, function_name
       FROM system.main.duckdb_functions() WHERE database_name = 'temp' AND NOT internal
     UNION ALL SELECT 'SEQUENCE', sequence_name FROM system.main.duckdb_sequences() WHERE database_name = 'temp'
     UNION ALL SELECT 'TYPE', type_name FROM system.main.duckdb_types() WHERE database_name = 'temp' AND NOT internal`,
  );
  for (const [kind, name] of found) {
    await connection.run(`DROP ${String(kind)} IF EXISTS temp.main.${quoteName(String(name))}`);
  }
}
