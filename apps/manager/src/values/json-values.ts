import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { JsonValue } from "@teatree/shared/contracts/functions";

/**
 * A DuckDB value as JSON carries it: whole numbers and decimals that a double cannot hold exactly are strings, NaN and infinities
 * are strings, times are ISO 8601 (UTC), blobs are base64, lists arrays, structs objects, maps arrays of {key, value}.
 */
export declare function jsonValue(value: DuckDBValue, type: DuckDBType): JsonValue;
