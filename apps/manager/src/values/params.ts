import type { DuckDBPreparedStatement } from "@duckdb/node-api";
import type { Params } from "@teatree/shared/contracts/functions";

/** Binds JSON parameters: whole numbers as BIGINT, others as DOUBLE, arrays as LIST, objects as STRUCT. Throws `invalid_arguments`. */
export declare function bindParams(statement: DuckDBPreparedStatement, params: Params | undefined): void;
