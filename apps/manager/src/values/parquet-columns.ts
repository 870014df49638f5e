import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
} from "@duckdb/node-api";

/** The type that a value of `type` is carried as, without regard to its parts; null: as it is. */
export type Carrier = (type: DuckDBType) => string | null;

/** What is selected for a Parquet file: the columns, those with parts that need a carrier cast to it. */
export function carriedColumns(
  names: readonly string[],
  types: readonly DuckDBType[],
  carrier: Carrier,
): string {
  return names
    .map((name, index) => {
      const type = types[index];
      if (type === undefined || !needsCarrier(type, carrier)) return quoted(name);
      return `CAST(${quoted(name)} AS ${carriedType(type, carrier)}) AS ${quoted(name)}`;
    })
    .join(", ");
}

/** What may be cast back: the same types, and carriers. A cast gives the exact value again. */
export function columnsFromParquet(columns: readonly { name: string; type: string }[]): string {
  return columns.map(({ name, type }) => `CAST(${quoted(name)} AS ${type}) AS ${quoted(name)}`).join(", ");
}

/** True when the type or a part of it, at any depth, is one of those. */
export function hasPart(type: DuckDBType, isOne: (type: DuckDBType) => boolean): boolean {
  return isOne(type) || partsOf(type).some((part) => hasPart(part, isOne));
}

function needsCarrier(type: DuckDBType, carrier: Carrier): boolean {
  return hasPart(type, (part) => carrier(part) !== null);
}

function partsOf(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType];
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType];
  if (type instanceof DuckDBStructType) return type.entryTypes;
  if (type instanceof DuckDBUnionType) return type.memberTypes;
  return [];
}

/** The SQL of a type with carriers in the place of what needs them. */
export function carriedType(type: DuckDBType, carrier: Carrier): string {
  const textOf = (part: DuckDBType) => carriedType(part, carrier);
  const own = carrier(type);
  if (own !== null) return own;
  if (type instanceof DuckDBListType) return `${textOf(type.valueType)}[]`;
  if (type instanceof DuckDBArrayType) return `${textOf(type.valueType)}[${type.length}]`;
  if (type instanceof DuckDBMapType) return `MAP(${textOf(type.keyType)}, ${textOf(type.valueType)})`;
  if (type instanceof DuckDBStructType) return `STRUCT(${fields(type.entryNames, type.entryTypes, textOf)})`;
  if (type instanceof DuckDBUnionType) return `UNION(${fields(type.memberTags, type.memberTypes, textOf)})`;
  // Parquet has no enumerations: they are text in it anyhow, and their names need no quoting here.
  return type.typeId === DuckDBTypeId.ENUM ? "VARCHAR" : type.toString();
}

function fields(
  names: readonly string[],
  types: readonly DuckDBType[],
  textOf: (type: DuckDBType) => string,
): string {
  return types.map((type, index) => `${quoted(names[index] ?? "")} ${textOf(type)}`).join(", ");
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
