import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import type { JsonValue } from "@teatree/shared/contracts/functions";
import { isIsoDate, isIsoTime, utcTimestamp } from "./iso-time.ts";
import { entriesOf, isMap, type MapLike } from "./wire-sql.ts";

/** A value as it travels to the engine: every scalar as text, nested as they are. `problem` says what is wrong, for people. */
export type Wired = { wire: JsonValue } | { problem: string };

const INTEGERS: Partial<Record<DuckDBTypeId, [bigint, bigint]>> = {
  [DuckDBTypeId.TINYINT]: [-(2n ** 7n), 2n ** 7n - 1n],
  [DuckDBTypeId.SMALLINT]: [-(2n ** 15n), 2n ** 15n - 1n],
  [DuckDBTypeId.INTEGER]: [-(2n ** 31n), 2n ** 31n - 1n],
  [DuckDBTypeId.BIGINT]: [-(2n ** 63n), 2n ** 63n - 1n],
  [DuckDBTypeId.HUGEINT]: [-(2n ** 127n), 2n ** 127n - 1n],
  [DuckDBTypeId.UTINYINT]: [0n, 2n ** 8n - 1n],
  [DuckDBTypeId.USMALLINT]: [0n, 2n ** 16n - 1n],
  [DuckDBTypeId.UINTEGER]: [0n, 2n ** 32n - 1n],
  [DuckDBTypeId.UBIGINT]: [0n, 2n ** 64n - 1n],
  [DuckDBTypeId.UHUGEINT]: [0n, 2n ** 128n - 1n],
};
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/**
 * Checks a JSON value against a column's type before the engine sees it: the engine turns a bad value into NULL without a word, or
 * rounds 1.5 to 2. Types not listed here are checked by the engine's own cast.
 */
export function wireValue(value: JsonValue, type: DuckDBType): Wired {
  if (value === null) return { wire: null };
  const range = INTEGERS[type.typeId];
  if (range) return wholeNumber(value, range, String(type));
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return typeof value === "boolean" ? { wire: String(value) } : expected("true or false", value);
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return realNumber(value);
    case DuckDBTypeId.DECIMAL:
      return "width" in type ? decimal(value, type.width, type.scale) : expected("a number", value);
    case DuckDBTypeId.VARCHAR:
      if (type.alias === "JSON") return { wire: JSON.stringify(value) };
      return typeof value === "string" ? { wire: value } : expected("text", value);
    case DuckDBTypeId.ENUM: {
      const known = "values" in type && typeof value === "string" && type.values.includes(value);
      return known ? { wire: value } : expected(`one of ${String(type)}`, value);
    }
    case DuckDBTypeId.UUID:
      return typeof value === "string" && UUID.test(value) ? { wire: value } : expected("a UUID", value);
    case DuckDBTypeId.BLOB:
      return typeof value === "string" && isBase64(value) ? { wire: value } : expected("base64 text", value);
    case DuckDBTypeId.DATE:
      return typeof value === "string" && isIsoDate(value)
        ? { wire: value }
        : expected("a date such as 2020-01-31", value);
    case DuckDBTypeId.TIME:
      return typeof value === "string" && isIsoTime(value)
        ? { wire: value }
        : expected("a time such as 13:45:00", value);
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return timestamp(value, type.typeId === DuckDBTypeId.TIMESTAMP_TZ);
    default:
      return nested(value, type);
  }
}

function nested(value: Exclude<JsonValue, null>, type: DuckDBType): Wired {
  if (isMap(type)) return wireMap(value, type);
  if ((type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) && "valueType" in type) {
    if (!Array.isArray(value)) return expected(`a list (${String(type)})`, value);
    if ("length" in type && type.length !== value.length) {
      return { problem: `expected ${type.length} elements, got ${value.length}` };
    }
    return wireList(value, type.valueType);
  }
  if (type.typeId === DuckDBTypeId.STRUCT && "entryNames" in type) {
    if (typeof value !== "object" || Array.isArray(value))
      return expected(`an object (${String(type)})`, value);
    return wireStruct(value, type.entryNames, type.entryTypes);
  }
  if (typeof value === "string") return { wire: value };
  return expected(String(type), value);
}

/** A map is given as the model's own JSON gives it, or as an object when its keys are text. */
function wireMap(value: Exclude<JsonValue, null>, type: MapLike): Wired {
  if (Array.isArray(value)) return wireValue(value, entriesOf(type));
  if (typeof value !== "object") return expected("a list of {key, value}", value);
  const entries = Object.entries(value).map(([key, inner]) => ({ key, value: inner }));
  return wireValue(entries, entriesOf(type));
}

function wireList(values: JsonValue[], type: DuckDBType): Wired {
  const wire: JsonValue[] = [];
  for (const [index, item] of values.entries()) {
    const wired = wireValue(item, type);
    if ("problem" in wired) return { problem: `element ${index + 1}: ${wired.problem}` };
    wire.push(wired.wire);
  }
  return { wire };
}

function wireStruct(
  value: Record<string, JsonValue>,
  names: readonly string[],
  types: readonly DuckDBType[],
): Wired {
  const unknown = Object.keys(value).find((key) => !names.includes(key));
  if (unknown !== undefined) return { problem: `the field "${unknown}" does not exist` };
  const wire = new Map<string, JsonValue>();
  for (const [index, name] of names.entries()) {
    const type = types[index];
    const wired: Wired = type ? wireValue(value[name] ?? null, type) : { wire: null };
    if ("problem" in wired) return { problem: `field "${name}": ${wired.problem}` };
    wire.set(name, wired.wire);
  }
  return { wire: Object.fromEntries(wire) };
}

function wholeNumber(value: JsonValue, [least, most]: [bigint, bigint], type: string): Wired {
  let whole: bigint;
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return expected("a whole number", value);
    whole = BigInt(value);
  } else if (typeof value === "string" && /^[+-]?\d{1,40}$/.test(value))
    whole = BigInt(value.replace("+", ""));
  else return expected("a whole number", value);
  if (whole < least || whole > most) return { problem: `${whole} does not fit ${type}` };
  return { wire: whole.toString() };
}

function realNumber(value: JsonValue): Wired {
  if (typeof value === "number") return { wire: String(value) };
  const text = typeof value === "string" ? value.trim() : "";
  const real = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || /^(nan|[+-]?inf(inity)?)$/i.test(text);
  return real ? { wire: text } : expected("a number", value);
}

function decimal(value: JsonValue, width: number, scale: number): Wired {
  const text = typeof value === "number" || typeof value === "string" ? String(value).trim() : "";
  const match = /^[+-]?(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || !/\d/.test(text)) return expected("a decimal number", value);
  const whole = (match[1] ?? "").replace(/^0+/, "");
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return { problem: `${text} has more than ${scale} digits after the point` };
  if (whole.length > width - scale) return { problem: `${text} does not fit DECIMAL(${width},${scale})` };
  return { wire: text };
}

function timestamp(value: JsonValue, zoned: boolean): Wired {
  if (typeof value === "string") {
    const full = isIsoDate(value) ? `${value}T00:00:00` : value;
    const read = utcTimestamp(full);
    if (read) return { wire: zoned ? `${read.utc}+00` : read.utc };
  }
  return expected("a timestamp such as 2020-01-31T13:45:00Z", value);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function expected(what: string, value: JsonValue): Wired {
  const shown = JSON.stringify(value);
  return { problem: `expected ${what}, got ${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown}` };
}
