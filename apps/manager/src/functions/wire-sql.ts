import { type DuckDBType, DuckDBTypeId, LIST, STRUCT } from "@duckdb/node-api";
import { quoteName } from "../writer/engine.ts";

/** The structure that from_json reads a wired value of this type with: text at every leaf. */
export function wireStructure(type: DuckDBType): unknown {
  if (isMap(type)) return wireStructure(entriesOf(type));
  if (isList(type)) return [wireStructure(type.valueType)];
  if (isStruct(type)) {
    return Object.fromEntries(
      type.entryNames.map((name, index) => {
        const child = type.entryTypes[index];
        return [name, child ? wireStructure(child) : "VARCHAR"];
      }),
    );
  }
  return "VARCHAR";
}

/** SQL that turns the wired value `ref` into the column's type. */
export function unwireSql(ref: string, type: DuckDBType, depth = 0): string {
  if (type.typeId === DuckDBTypeId.BLOB) return `from_base64(${ref})`;
  if (isMap(type)) return `map_from_entries(${unwireSql(ref, entriesOf(type), depth)})`;
  if (isList(type) || isStruct(type)) {
    return `CAST(${rebuild(ref, type, depth)} AS ${String(type)})`;
  }
  return `CAST(${ref} AS ${String(type)})`;
}

/** Blobs and maps inside lists and structs are what a cast of the whole does not reach. */
function rebuild(ref: string, type: DuckDBType, depth: number): string {
  if (!needsRebuild(type)) return ref;
  if (isList(type)) {
    const name = `e${depth}`;
    return `list_transform(${ref}, lambda ${name}: ${unwireSql(name, type.valueType, depth + 1)})`;
  }
  if (!isStruct(type)) return unwireSql(ref, type, depth);
  const fields = type.entryNames.map((name, index) => {
    const child = type.entryTypes[index];
    const inner = `${ref}.${quoteName(name)}`;
    return `${quoteName(name)} := ${child ? unwireSql(inner, child, depth + 1) : inner}`;
  });
  return `CASE WHEN ${ref} IS NULL THEN NULL ELSE struct_pack(${fields.join(", ")}) END`;
}

function needsRebuild(type: DuckDBType): boolean {
  if (type.typeId === DuckDBTypeId.BLOB || isMap(type)) return true;
  if (isList(type)) return needsRebuild(type.valueType);
  return isStruct(type) && type.entryTypes.some(needsRebuild);
}

/** A map travels as the list of its entries, {key, value} each. */
export function entriesOf(type: MapLike): DuckDBType {
  return LIST(STRUCT({ key: type.keyType, value: type.valueType }));
}

export type MapLike = DuckDBType & { keyType: DuckDBType; valueType: DuckDBType };

export function isMap(type: DuckDBType): type is MapLike {
  return type.typeId === DuckDBTypeId.MAP && "keyType" in type;
}

type ListLike = DuckDBType & { valueType: DuckDBType };
type StructLike = DuckDBType & { entryNames: readonly string[]; entryTypes: readonly DuckDBType[] };

function isList(type: DuckDBType): type is ListLike {
  return (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) && "valueType" in type;
}

function isStruct(type: DuckDBType): type is StructLike {
  return type.typeId === DuckDBTypeId.STRUCT && "entryNames" in type;
}
