import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { JsonValue } from "@teatree/shared/contracts/functions";

const TIMESTAMPS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
]);

/**
 * A DuckDB value as JSON carries it: whole numbers and decimals that a double cannot hold exactly are strings, NaN and infinities
 * are strings, times are ISO 8601 (with Z where the type has a zone), blobs are base64, lists arrays, structs objects, maps arrays
 * of {key, value}, unions {tag, value}.
 */
export function jsonValue(value: DuckDBValue, type: DuckDBType): JsonValue {
  if (value === null) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return wholeNumber(value);
  if (typeof value === "number") return realNumber(value, type.typeId === DuckDBTypeId.FLOAT);
  if (value instanceof DuckDBDecimalValue) return decimal(value.toString());
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString("base64");
  if (value instanceof DuckDBTimestampTZValue) {
    return `${isoTimestamp(new DuckDBTimestampValue(value.micros).toString())}Z`;
  }
  if (TIMESTAMPS.has(type.typeId)) return isoTimestamp(value.toString());
  return nested(value, type);
}

function nested(value: Exclude<DuckDBValue, null>, type: DuckDBType): JsonValue {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    const child = "valueType" in type ? type.valueType : undefined;
    return value.items.map((item) => (child ? jsonValue(item, child) : String(item)));
  }
  if (value instanceof DuckDBStructValue && type.typeId === DuckDBTypeId.STRUCT && "entryNames" in type) {
    const { entryNames, entryTypes } = type;
    return Object.fromEntries(
      entryNames.map((name, index) => {
        const child = entryTypes[index];
        return [name, child ? jsonValue(value.entries[name] ?? null, child) : null];
      }),
    );
  }
  if (value instanceof DuckDBMapValue && "keyType" in type) {
    return value.entries.map((entry) => ({
      key: jsonValue(entry.key, type.keyType),
      value: jsonValue(entry.value, type.valueType),
    }));
  }
  if (value instanceof DuckDBUnionValue && "memberTags" in type) {
    const member = type.memberTypes[type.memberTags.indexOf(value.tag)];
    return { tag: value.tag, value: member ? jsonValue(value.value, member) : String(value.value) };
  }
  return String(value);
}

function wholeNumber(value: bigint): JsonValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A float in single precision gets its own shortest digits: 0.1, not 0.10000000149011612. */
function realNumber(value: number, single: boolean): JsonValue {
  if (!Number.isFinite(value)) return String(value);
  if (!single) return value;
  for (let digits = 6; digits <= 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Fifteen significant digits always survive a double; more may not. */
function decimal(text: string): JsonValue {
  const digits = text.replace(/^-?0*\.?0*|[.-]/g, "").length;
  return digits <= 15 ? Number(text) : text;
}

function isoTimestamp(text: string): string {
  return text.replace(" ", "T");
}
