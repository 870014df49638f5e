import type { DuckDBConnection } from "@duckdb/node-api";

/** Table functions that only compute or describe the model's own catalog. Every other one the engine knows is refused. */
const HARMLESS_TABLE_FUNCTIONS = new Set([
  "generate_series",
  "range",
  "unnest",
  "repeat",
  "repeat_row",
  "summary",
  "json_each",
  "json_tree",
  "test_all_types",
  "test_vector_types",
  "duckdb_columns",
  "duckdb_constraints",
  "duckdb_dependencies",
  "duckdb_functions",
  "duckdb_indexes",
  "duckdb_keywords",
  "duckdb_schemas",
  "duckdb_sequences",
  "duckdb_tables",
  "duckdb_types",
  "duckdb_views",
  "pragma_version",
  "pragma_collations",
  "pg_timezone_names",
  "icu_calendar_names",
  // The PRAGMA statement is refused as such; as names of columns and tables these are common.
  "version",
  "functions",
  "show",
  "platform",
]);

/** Functions, settings and views that read files, run text as SQL, change or show the engine's state, or show machine paths. */
const ALWAYS_REFUSED = [
  "current_setting",
  "getenv",
  "which_secret",
  "write_log",
  "json_execute_serialized_sql",
  "json_serialize_plan",
  "parse_duckdb_log_message",
  "sleep_ms",
  "pg_sleep",
  "pg_conf_load_time",
  "duckdb_logs_parsed",
  "duckdb_profiling_settings",
  "query",
  "query_table",
  "glob",
];

/** Catalog views that show settings, secrets or machine paths: refused by name wherever they stand. */
const REFUSED_NAMES = [
  "_teatree",
  "pg_settings",
  "duckdb_settings",
  "duckdb_databases",
  "duckdb_secrets",
  "duckdb_extensions",
  "duckdb_logs",
  "duckdb_log_contexts",
  "duckdb_temporary_files",
  "duckdb_external_file_cache",
  "pragma_database_list",
];

export type EngineNames = {
  /** Lower-case names that must not be called. */
  refusedFunctions: ReadonlySet<string>;
  /** Lower-case names that must not appear as a name at all. */
  refusedNames: ReadonlySet<string>;
  /** Lower-case names of every function the engine brings: a user's macro of that name would shadow it. */
  builtInFunctions: ReadonlySet<string>;
  /** The same of views. */
  builtInViews: ReadonlySet<string>;
};

let known: Promise<EngineNames> | undefined;

/** Asks the engine once per process: a function that an upgrade brings is refused until someone looked at it. */
export function engineNames(connection: DuckDBConnection): Promise<EngineNames> {
  known ??= load(connection).catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function load(connection: DuckDBConnection): Promise<EngineNames> {
  const functions = await connection.runAndReadAll(
    "SELECT DISTINCT function_name, function_type FROM system.main.duckdb_functions() WHERE internal",
  );
  const views = await connection.runAndReadAll(
    "SELECT DISTINCT view_name FROM system.main.duckdb_views() WHERE internal",
  );
  const refusedFunctions = new Set([...ALWAYS_REFUSED, ...REFUSED_NAMES]);
  const builtInFunctions = new Set<string>();
  for (const [name, type] of functions.getRows()) {
    const lower = String(name).toLowerCase();
    builtInFunctions.add(lower);
    const table = type === "table" || type === "pragma" || type === "table_macro";
    if (table && !HARMLESS_TABLE_FUNCTIONS.has(lower)) refusedFunctions.add(lower);
  }
  const builtInViews = new Set(views.getRows().map(([name]) => String(name).toLowerCase()));
  // Both a table function and a common scalar one.
  for (const both of ["repeat", "unnest", "range", "generate_series", "histogram", "histogram_values"])
    refusedFunctions.delete(both);
  return { refusedFunctions, refusedNames: new Set(REFUSED_NAMES), builtInFunctions, builtInViews };
}
