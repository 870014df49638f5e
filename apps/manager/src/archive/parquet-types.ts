import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
} from "@duckdb/node-api";

/** What Parquet cannot hold goes into the file as text, exactly: HUGEINT would become a double, INTERVAL loses its microseconds. */
const AS_TEXT = new Set([
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
  DuckDBTypeId.BIT,
  DuckDBTypeId.INTERVAL,
  DuckDBTypeId.TIME_TZ,
  DuckDBTypeId.TIME_NS,
  DuckDBTypeId.GEOMETRY,
]);

/** Infinity and far years of these do not fit what Parquet makes of them: such a file gets them as text, too. */
const FAR_TIMES = new Set([DuckDBTypeId.TIMESTAMP_S, DuckDBTypeId.TIMESTAMP_MS]);

/** What is selected for a Parquet file: the columns, those with parts that Parquet cannot hold cast to a type that it can. */
export function parquetColumns(
  names: readonly string[],
  types: readonly DuckDBType[],
  withFarTimes: boolean,
): string {
  const isText = (type: DuckDBType) =>
    AS_TEXT.has(type.typeId) || (withFarTimes && FAR_TIMES.has(type.typeId));
  return names
    .map((name, index) => {
      const type = types[index];
      if (type === undefined || !holds(type, isText)) return quoted(name);
      return `CAST(${quoted(name)} AS ${typeText(type, isText)}) AS ${quoted(name)}`;
    })
    .join(", ");
}

/** What may be cast back: the same types, and text for what Parquet lacks. A cast gives the exact value again. */
export function columnsFromParquet(columns: readonly { name: string; type: string }[]): string {
  return columns.map(({ name, type }) => `CAST(${quoted(name)} AS ${type}) AS ${quoted(name)}`).join(", ");
}

function holds(type: DuckDBType, isText: (type: DuckDBType) => boolean): boolean {
  return isText(type) || partsOf(type).some((part) => holds(part, isText));
}

function partsOf(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType];
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType];
  if (type instanceof DuckDBStructType) return type.entryTypes;
  if (type instanceof DuckDBUnionType) return type.memberTypes;
  return [];
}

function typeText(type: DuckDBType, isText: (type: DuckDBType) => boolean): string {
  const textOf = (part: DuckDBType) => typeText(part, isText);
  if (type instanceof DuckDBListType) return `${textOf(type.valueType)}[]`;
  if (type instanceof DuckDBArrayType) return `${textOf(type.valueType)}[${type.length}]`;
  if (type instanceof DuckDBMapType) return `MAP(${textOf(type.keyType)}, ${textOf(type.valueType)})`;
  if (type instanceof DuckDBStructType) return `STRUCT(${fields(type.entryNames, type.entryTypes, textOf)})`;
  if (type instanceof DuckDBUnionType) return `UNION(${fields(type.memberTags, type.memberTypes, textOf)})`;
  // Parquet has no enumerations: they are text in it anyhow, and their names need no quoting here.
  return isText(type) || type.typeId === DuckDBTypeId.ENUM ? "VARCHAR" : type.toString();
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
