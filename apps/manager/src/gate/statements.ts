import type { DuckDBConnection } from "@duckdb/node-api";

/**
 * Whether a user's text is exactly one statement that only reads the model. Prepares it, so call it where a hang can be killed.
 * Throws `statement_not_allowed` (403) or `sql_error` (400) with line and column.
 */
export declare function checkRead(connection: DuckDBConnection, sql: string): Promise<void>;
