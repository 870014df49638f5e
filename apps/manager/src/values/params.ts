import { type DuckDBPreparedStatement, type DuckDBValue, listValue, structValue } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { JsonValue, Params } from "@teatree/shared/contracts/functions";

/**
 * Binds JSON parameters: whole numbers as BIGINT, others as DOUBLE, arrays as LIST, objects as STRUCT. Parameters the statement does
 * not name are left alone, because a text of several statements shares one set. Throws `invalid_arguments` when one is missing.
 */
export function bindParams(statement: DuckDBPreparedStatement, params: Params | undefined): void {
  for (let index = 1; index <= statement.parameterCount; index += 1) {
    const name = statement.parameterName(index);
    const value = Array.isArray(params) ? params[Number(name) - 1] : params?.[name];
    if (value === undefined) throw missing(name, params);
    if (value === null) statement.bindNull(index);
    else statement.bindValue(index, engineValue(value));
  }
}

/** The names and numbers of a statement's parameters. */
export function parameterNames(statement: DuckDBPreparedStatement): string[] {
  return Array.from({ length: statement.parameterCount }, (_, index) => statement.parameterName(index + 1));
}

function missing(name: string, params: Params | undefined): TeatreeError {
  const given =
    params === undefined ? [] : Array.isArray(params) ? params.map((_, i) => i + 1) : Object.keys(params);
  return new TeatreeError(
    "invalid_arguments",
    `The statement uses parameter $${name}, and no value was given for it.`,
    { details: { path: `args.params.${name}`, given } },
  );
}

function engineValue(value: Exclude<JsonValue, null>): DuckDBValue {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return listValue(value.map(engineValueOrNull));
  return structValue(
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, engineValueOrNull(inner)])),
  );
}

function engineValueOrNull(value: JsonValue): DuckDBValue {
  return value === null ? null : engineValue(value);
}
