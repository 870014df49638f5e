import type { TeatreeError } from "@teatree/shared/contracts/errors";

/**
 * One DuckDB error as a TeatreeError: `sql_error` with `line` and `column` (1-based, in the user's whole text), `out_of_memory`,
 * `disk_full`, `invalid_data` (constraints) or `internal`. No machine path is left in the message.
 * `start` is where the failing statement begins within `text`. An interrupted statement becomes `cancelled`: the caller knows
 * whether a time limit was the reason.
 */
export declare function sqlError(error: unknown, text?: string, start?: number): TeatreeError;
