import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import { quoteName } from "../writer/engine.ts";

/** The structure that from_json reads a wired value of this type with: text at every leaf. */
export function wireStructure(type: DuckDBType): unknown {
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
  if (isList(type) || isStruct(type)) {
    return `CAST(${rebuild(ref, type, depth)} AS ${String(type)})`;
  }
  return `CAST(${ref} AS ${String(type)})`;
}

/** Blobs inside lists and structs are the one thing that a cast of the whole does not reach. */
function rebuild(ref: string, type: DuckDBType, depth: number): string {
  if (!holdsBlob(type)) return ref;
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

function holdsBlob(type: DuckDBType): boolean {
  if (type.typeId === DuckDBTypeId.BLOB) return true;
  if (isList(type)) return holdsBlob(type.valueType);
  return isStruct(type) && type.entryTypes.some(holdsBlob);
}

type ListLike = DuckDBType & { valueType: DuckDBType };
type StructLike = DuckDBType & { entryNames: readonly string[]; entryTypes: readonly DuckDBType[] };

function isList(type: DuckDBType): type is ListLike {
  return (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY) && "valueType" in type;
}

function isStruct(type: DuckDBType): type is StructLike {
  return type.typeId === DuckDBTypeId.STRUCT && "entryNames" in type;
}
