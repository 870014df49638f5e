import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, rowsOf } from "../writer/engine.ts";

/**
 * Runs statements that may depend on each other in any order: those that the catalog refuses are tried again after the others. Such a
 * refusal does not abort the transaction. Throws the first error when a round gets nowhere.
 */
export async function runUntilDone(
  connection: DuckDBConnection,
  statements: readonly string[],
  between: () => void = () => undefined,
): Promise<void> {
  let open = [...statements];
  while (open.length > 0) {
    const refused: string[] = [];
    let first: unknown;
    for (const statement of open) {
      between();
      try {
        await connection.run(statement);
      } catch (error) {
        first ??= error;
        refused.push(statement);
      }
    }
    if (refused.length === open.length) throw first;
    open = refused;
  }
}

/** Drops every object that users made in the live file. */
export async function dropAll(connection: DuckDBConnection): Promise<void> {
  const found = await rowsOf(
    connection,
    `SELECT 1, 'VIEW', view_name FROM system.main.duckdb_views()
       WHERE database_name = 'model' AND schema_name = 'main' AND NOT internal
     UNION ALL SELECT DISTINCT 1, CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END, function_name
       FROM system.main.duckdb_functions() WHERE database_name = 'model' AND NOT internal
     UNION ALL SELECT 2, 'TABLE', table_name FROM system.main.duckdb_tables()
       WHERE database_name = 'model' AND schema_name = 'main'
     UNION ALL SELECT 3, 'SEQUENCE', sequence_name FROM system.main.duckdb_sequences() WHERE database_name = 'model'
     UNION ALL SELECT 3, 'TYPE', type_name FROM system.main.duckdb_types()
       WHERE database_name = 'model' AND NOT internal
     ORDER BY 1`,
  );
  // In phases: a table that others refer to is refused and tried again, but a sequence still in use aborts the transaction.
  for (const phase of [1, 2, 3]) {
    const drops = found
      .filter(([order]) => Number(order) === phase)
      .map(([, kind, name]) => `DROP ${String(kind)} model.main.${quoteName(String(name))}`);
    await runUntilDone(connection, drops);
  }
}
