import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
} from "@duckdb/node-api";

/** A type as SQL writes it, for a table that takes a result's chunks as they are. */
export function tableType(type: DuckDBType): string {
  return typeText(type, (inner) => String(inner), tableType);
}

/**
 * The type a column is cast to for Parquet: DuckDB's writer would round HUGEINT to DOUBLE and write a UNION
 * as a struct with a nameless member.
 */
export function parquetType(type: DuckDBType): string {
  const leaf = (inner: DuckDBType): string => {
    if (inner.typeId === DuckDBTypeId.HUGEINT) return "DECIMAL(38,0)";
    if (inner.typeId === DuckDBTypeId.UHUGEINT || inner instanceof DuckDBUnionType) return "VARCHAR";
    return String(inner);
  };
  return typeText(type, leaf, parquetType);
}

function typeText(
  type: DuckDBType,
  leaf: (type: DuckDBType) => string,
  again: (type: DuckDBType) => string,
): string {
  if (type instanceof DuckDBListType) return `${again(type.valueType)}[]`;
  if (type instanceof DuckDBArrayType) return `${again(type.valueType)}[${type.length}]`;
  if (type instanceof DuckDBMapType) return `MAP(${again(type.keyType)}, ${again(type.valueType)})`;
  if (type instanceof DuckDBStructType) {
    const members = type.entryTypes.map(
      // The members of ROW(1, 2) have no names, and a table's must.
      (inner, index) => `${quoted(type.entryNames[index] || String(index + 1))} ${again(inner)}`,
    );
    return `STRUCT(${members.join(", ")})`;
  }
  return leaf(type);
}

/** A name as an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Column names that a table can have: DuckDB's are unique without regard to case. */
export function uniqueNames(names: string[]): string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 1; used.has(unique.toLowerCase()); count += 1) {
      const candidate = `${name}_${count}`;
      if (!taken.has(candidate.toLowerCase())) unique = candidate;
    }
    used.add(unique.toLowerCase());
    return unique;
  });
}
