import type { DuckDBResult, DuckDBType } from "@duckdb/node-api";

/** A column of a result; `typeName` is DuckDB's name of its type for people: JSON and named types by that name. */
export type NamedColumn = { name: string; type: DuckDBType; typeName: string };

export function columnsOf(result: DuckDBResult): NamedColumn[] {
  const types = result.columnTypes();
  return result.columnNames().map((name, index) => {
    const type = types[index];
    if (type === undefined) throw new Error("a result column without a type");
    return { name, type, typeName: type.alias ?? String(type) };
  });
}
