import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
} from "@duckdb/node-api";
import * as arrow from "apache-arrow";
import type { ArrowColumn } from "./arrow-column.ts";
import { boolColumn, decimalColumn, fixedColumn, nullColumn } from "./arrow-fixed.ts";
import { arrayColumn, listColumn, mapColumn } from "./arrow-lists.ts";
import { stringColumn } from "./arrow-strings.ts";
import { structColumn, unionColumn } from "./arrow-structs.ts";
import { shownAsTextColumn } from "./arrow-text.ts";
import { uuidColumn } from "./arrow-uuid.ts";
import type { ResultMeter } from "./result-meter.ts";

type Maker = (meter: ResultMeter) => ArrowColumn;
const micro = arrow.TimeUnit.MICROSECOND;
const T = DuckDBTypeId;

/** Types whose values have the same bytes in DuckDB and Arrow. HUGEINT as DuckDB itself exports it: 128 bits. */
const PLAIN: Partial<Record<DuckDBTypeId, Maker>> = {
  [T.TINYINT]: (meter) => fixedColumn(new arrow.Int8(), 1, Int8Array, meter),
  [T.SMALLINT]: (meter) => fixedColumn(new arrow.Int16(), 2, Int16Array, meter),
  [T.INTEGER]: (meter) => fixedColumn(new arrow.Int32(), 4, Int32Array, meter),
  [T.BIGINT]: (meter) => fixedColumn(new arrow.Int64(), 8, BigInt64Array, meter),
  [T.UTINYINT]: (meter) => fixedColumn(new arrow.Uint8(), 1, Uint8Array, meter),
  [T.USMALLINT]: (meter) => fixedColumn(new arrow.Uint16(), 2, Uint16Array, meter),
  [T.UINTEGER]: (meter) => fixedColumn(new arrow.Uint32(), 4, Uint32Array, meter),
  [T.UBIGINT]: (meter) => fixedColumn(new arrow.Uint64(), 8, BigUint64Array, meter),
  [T.HUGEINT]: (meter) => fixedColumn(new arrow.Decimal(0, 38), 16, Uint32Array, meter),
  [T.FLOAT]: (meter) => fixedColumn(new arrow.Float32(), 4, Float32Array, meter),
  [T.DOUBLE]: (meter) => fixedColumn(new arrow.Float64(), 8, Float64Array, meter),
  [T.DATE]: (meter) => fixedColumn(new arrow.DateDay(), 4, Int32Array, meter),
  [T.TIME]: (meter) => fixedColumn(new arrow.Time(micro, 64), 8, BigInt64Array, meter),
  [T.TIME_NS]: (meter) => fixedColumn(new arrow.Time(arrow.TimeUnit.NANOSECOND, 64), 8, BigInt64Array, meter),
  [T.TIMESTAMP]: timestamp(micro),
  [T.TIMESTAMP_S]: timestamp(arrow.TimeUnit.SECOND),
  [T.TIMESTAMP_MS]: timestamp(arrow.TimeUnit.MILLISECOND),
  [T.TIMESTAMP_NS]: timestamp(arrow.TimeUnit.NANOSECOND),
  [T.TIMESTAMP_TZ]: timestamp(micro, "UTC"),
  [T.BOOLEAN]: boolColumn,
  [T.VARCHAR]: (meter) => stringColumn(new arrow.Utf8(), meter),
  [T.BLOB]: (meter) => stringColumn(new arrow.Binary(), meter),
  // Well-known binary, as DuckDB keeps it.
  [T.GEOMETRY]: (meter) => stringColumn(new arrow.Binary(), meter),
  [T.UUID]: uuidColumn,
  [T.SQLNULL]: nullColumn,
};

/** The column that collects values of one DuckDB type; the table of what becomes what is in the reader's tests. */
export function arrowColumn(type: DuckDBType, meter: ResultMeter): ArrowColumn {
  const plain = PLAIN[type.typeId];
  if (plain !== undefined) return plain(meter);
  const of = (inner: DuckDBType) => arrowColumn(inner, meter);
  if (type instanceof DuckDBDecimalType) return decimalColumn(type, meter);
  if (type instanceof DuckDBEnumType) return enumColumn(type, meter);
  if (type instanceof DuckDBListType) return listColumn(of(type.valueType), meter);
  if (type instanceof DuckDBArrayType) return arrayColumn(of(type.valueType), type.length);
  if (type instanceof DuckDBStructType) return structColumn(structMembers(type, of));
  if (type instanceof DuckDBMapType) {
    const entries = structColumn([
      { name: "key", nullable: false, column: of(type.keyType) },
      { name: "value", nullable: true, column: of(type.valueType) },
    ]);
    return mapColumn(entries, entries.type, meter);
  }
  if (type instanceof DuckDBUnionType) {
    const column = (index: number) => of(type.memberTypes[index] ?? type);
    return unionColumn(
      type.memberTags.map((name, index) => ({ name, nullable: true, column: column(index) })),
    );
  }
  // INTERVAL (Arrow 17 for JavaScript has no months-days-nanoseconds), TIME WITH TIME ZONE, UHUGEINT, BIT,
  // BIGNUM, VARIANT: text says all of the value, the nearest Arrow type would not.
  return shownAsTextColumn(type, String, meter);
}

function structMembers(type: DuckDBStructType, of: (inner: DuckDBType) => ArrowColumn) {
  return type.entryTypes.map((inner, index) => ({
    // ROW(1, 2) has members without names; Arrow's readers key them by name.
    name: type.entryNames[index] || String(index + 1),
    nullable: true,
    column: of(inner),
  }));
}

function timestamp(unit: arrow.TimeUnit, timezone?: string): Maker {
  return (meter) => fixedColumn(new arrow.Timestamp(unit, timezone), 8, BigInt64Array, meter);
}

/** An ENUM is a dictionary in both formats; the words travel once. */
function enumColumn(source: DuckDBEnumType, meter: ResultMeter): ArrowColumn {
  const [index, width, view] = enumIndex(source);
  const type = new arrow.Dictionary(new arrow.Utf8(), index);
  const dictionary = arrow.vectorFromArray([...source.values], new arrow.Utf8());
  const column = fixedColumn(type, width, view, meter);
  return {
    ...column,
    take() {
      const data = column.take();
      data.dictionary = dictionary;
      return data;
    },
  };
}

function enumIndex(source: DuckDBEnumType) {
  if (source.internalTypeId === T.UTINYINT) return [new arrow.Uint8(), 1, Uint8Array] as const;
  if (source.internalTypeId === T.USMALLINT) return [new arrow.Uint16(), 2, Uint16Array] as const;
  return [new arrow.Uint32(), 4, Uint32Array] as const;
}
