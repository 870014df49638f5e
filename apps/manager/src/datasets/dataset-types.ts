import { DuckDBArrayType, DuckDBMapType, type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import { carriedType, hasPart } from "../values/parquet-columns.ts";

/** Polars reads these wrongly or not at all; as another type they come exactly, and are cast back when they return. */
const CARRIERS = new Map<DuckDBTypeId, string>([
  // 38 digits instead of 39: a value beyond them fails the export.
  [DuckDBTypeId.HUGEINT, "DECIMAL(38,0)"],
  [DuckDBTypeId.UHUGEINT, "DECIMAL(38,0)"],
  [DuckDBTypeId.BIGNUM, "VARCHAR"],
  [DuckDBTypeId.BIT, "VARCHAR"],
  [DuckDBTypeId.INTERVAL, "VARCHAR"],
  [DuckDBTypeId.UUID, "VARCHAR"],
  [DuckDBTypeId.ENUM, "VARCHAR"],
  [DuckDBTypeId.TIME_TZ, "VARCHAR"],
  [DuckDBTypeId.TIME_NS, "VARCHAR"],
  [DuckDBTypeId.TIMESTAMP_S, "TIMESTAMP"],
  [DuckDBTypeId.TIMESTAMP_MS, "TIMESTAMP"],
]);

/** The type as which Polars gets values of a type; null: as it is. */
export function datasetCarrier(type: DuckDBType): string | null {
  if (type.alias === "JSON") return "VARCHAR";
  return CARRIERS.get(type.typeId) ?? null;
}

const REFUSED = new Set([DuckDBTypeId.UNION, DuckDBTypeId.GEOMETRY, DuckDBTypeId.VARIANT]);

/** True for a type that Polars has no equal of, at any depth. */
export function isRefused(type: DuckDBType): boolean {
  return hasPart(type, ({ typeId }) => REFUSED.has(typeId));
}

/**
 * The type that the engine finds in a file that Polars wrote of such values; null: what a map has become inside of another type is
 * not made a map again.
 */
export function returnedType(type: DuckDBType): string | null {
  if (type instanceof DuckDBMapType) return mapReturned(type);
  if (hasPart(type, (part) => part instanceof DuckDBMapType)) return null;
  return carriedType(type, returnedCarrier);
}

function returnedCarrier(type: DuckDBType): string | null {
  if (type.typeId === DuckDBTypeId.TIME) return "TIME_NS";
  if (type instanceof DuckDBArrayType) return `${carriedType(type.valueType, returnedCarrier)}[]`;
  return datasetCarrier(type);
}

function mapReturned({ keyType, valueType }: DuckDBMapType): string | null {
  const [key, value] = [returnedType(keyType), returnedType(valueType)];
  if (key === null || value === null || valueType instanceof DuckDBMapType) return null;
  return `STRUCT("key" ${key}, "value" ${value})[]`;
}
