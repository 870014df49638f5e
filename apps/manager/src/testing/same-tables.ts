import { DuckDBInstance } from "@duckdb/node-api";

/**
 * What differs between two DuckDB files: tables, their columns, types and order, and rows as multisets both ways. Empty when they are
 * equal; our own schema is left out.
 */
export async function differences(a: string, b: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  try {
    await connection.run(`ATTACH '${a}' AS a (READ_ONLY)`);
    await connection.run(`ATTACH '${b}' AS b (READ_ONLY)`);
    const columnsOf = async (catalog: string) =>
      (
        await rowsOf(
          `SELECT table_name, column_name, data_type, is_nullable, column_default
             FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, schema_name, table_name)
            WHERE database_name = '${catalog}' AND schema_name = 'main' ORDER BY table_name, column_index`,
        )
      ).map((row) => JSON.stringify(row));
    const [left, right] = await Promise.all([columnsOf("a"), columnsOf("b")]);
    const found: string[] = left.join() === right.join() ? [] : [`columns: ${left} and ${right}`];
    const tables = await rowsOf(
      "SELECT table_name FROM duckdb_tables() WHERE database_name = 'a' AND schema_name = 'main'",
    );
    for (const [table] of found.length > 0 ? [] : tables) {
      const name = `main."${String(table).replaceAll('"', '""')}"`;
      const [counts] = await rowsOf(
        `SELECT (SELECT count(*) FROM (FROM a.${name} EXCEPT ALL FROM b.${name})),
                (SELECT count(*) FROM (FROM b.${name} EXCEPT ALL FROM a.${name}))`,
      );
      if (counts?.join() !== "0,0") found.push(`${String(table)}: ${counts?.join()} rows differ`);
    }
    return found;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
