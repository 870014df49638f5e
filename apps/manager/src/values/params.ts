import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBListType,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  SQLNULL,
  STRUCT,
  structValue,
  VARCHAR,
} from "@duckdb/node-api";
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
    if (value === null) {
      statement.bindNull(index);
    } else {
      bindTyped(statement, index, name, value);
    }
  }
}

function bindTyped(statement: DuckDBPreparedStatement, index: number, name: string, value: JsonValue): void {
  const type = engineType(value);
  try {
    statement.bindValue(index, engineValue(value, type), type);
  } catch (cause) {
    throw new TeatreeError(
      "invalid_arguments",
      `The values in the list of parameter $${name} are not of one type.`,
      {
        details: { path: `args.params.${name}` },
        cause,
      },
    );
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

/** Said outright: left to itself the binding makes a HUGEINT of every whole number, which no index or zone map helps. */
function engineType(value: JsonValue): DuckDBType {
  if (value === null) return SQLNULL;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BIGINT : DOUBLE;
  if (typeof value === "string") return VARCHAR;
  if (typeof value === "boolean") return BOOLEAN;
  if (Array.isArray(value)) return LIST(elementType(value));
  return STRUCT(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, engineType(inner)])));
}

/** The type of the first value that has one; a list with any fraction in it is one of DOUBLE. */
function elementType(values: JsonValue[]): DuckDBType {
  const types = values.map(engineType);
  return types.find((type) => type === DOUBLE) ?? types.find((type) => type !== SQLNULL) ?? SQLNULL;
}

function engineValue(value: JsonValue, type: DuckDBType): DuckDBValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return type === BIGINT ? BigInt(value) : value;
  if (Array.isArray(value)) {
    const element = type instanceof DuckDBListType ? type.valueType : SQLNULL;
    return listValue(value.map((inner) => engineValue(inner, element)));
  }
  return structValue(
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, engineValue(inner, engineType(inner))]),
    ),
  );
}
