import { ARROW_TYPE_KEY } from "@teatree/shared/contracts/arrow-metadata";
import { type Data, DataType, type Table, type Vector } from "apache-arrow";
import { compactJson, type Plain, plainValue } from "./arrow-values.ts";
import { floatText, groupDigits } from "./value-text.ts";

export type ColumnKind = "number" | "text" | "time" | "boolean" | "nested" | "binary";

export type GridColumn = {
  name: string;
  /** Type in DuckDB's words as far as Arrow tells, such as `BIGINT` or `DECIMAL(18,2)`. */
  type: string;
  kind: ColumnKind;
  plain(row: number): Plain;
  /** For people: grouped digits, true minus, at most six decimals. null is null. */
  display(row: number): string | null;
  /** For machines: every digit, ASCII. */
  exact(row: number): string | null;
};

/** What the grid shows: columns of equal length. */
export type GridData = { columns: GridColumn[]; rowCount: number };

/** The columns of an Arrow table, read on demand: nothing is converted before it is seen. */
export function gridData(table: Table): GridData {
  const columns = table.schema.fields.map((field, index) => {
    const vector = table.getChildAt(index);
    const typeOfServer = field.metadata.get(ARROW_TYPE_KEY);
    return column(field.name, typeOfServer ?? typeName(field.type), kindOf(field.type), vector);
  });
  return { columns, rowCount: table.numRows };
}

function column(name: string, type: string, kind: ColumnKind, vector: Vector | null): GridColumn {
  const at = vector ? locator(vector.data) : () => null;
  const plain = (row: number): Plain => {
    const place = at(row);
    return place ? plainValue(place.data, place.index) : null;
  };
  return {
    name,
    type,
    kind,
    plain,
    display: (row) => displayText(plain(row), kind),
    exact: (row) => exactText(plain(row)),
  };
}

function displayText(value: Plain, kind: ColumnKind): string | null {
  if (value === null) return null;
  if (typeof value === "number")
    return Number.isInteger(value) ? groupDigits(String(value)) : floatText(value);
  if (typeof value === "bigint") return groupDigits(value.toString());
  if (typeof value === "string") return kind === "number" ? groupDigits(value) : value;
  return exactText(value);
}

function exactText(value: Plain): string | null {
  if (value === null) return null;
  return typeof value === "string" ? value : typeof value === "object" ? compactJson(value) : String(value);
}

/** Finds the chunk of a row by halving; chunks of a stream have unequal lengths. */
function locator(chunks: readonly Data[]): (row: number) => { data: Data; index: number } | null {
  const starts: number[] = [];
  let total = 0;
  for (const chunk of chunks) {
    starts.push(total);
    total += chunk.length;
  }
  return (row) => {
    if (row < 0 || row >= total) return null;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const data = chunks[low];
    return data ? { data, index: row - (starts[low] ?? 0) } : null;
  };
}

function kindOf(type: DataType): ColumnKind {
  if (DataType.isDictionary(type)) return kindOf(type.dictionary);
  if (DataType.isBool(type)) return "boolean";
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type)) return "number";
  if (DataType.isDate(type) || DataType.isTime(type) || DataType.isTimestamp(type)) return "time";
  if (DataType.isInterval(type) || DataType.isDuration(type)) return "time";
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type))
    return "binary";
  if (
    DataType.isStruct(type) ||
    DataType.isList(type) ||
    DataType.isMap(type) ||
    DataType.isFixedSizeList(type)
  ) {
    return "nested";
  }
  return "text";
}

const INTEGERS: Record<number, string> = { 8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT" };

/** DuckDB's name of an Arrow type, for answers that do not bring it along. */
function typeName(type: DataType): string {
  if (DataType.isDictionary(type)) return typeName(type.dictionary);
  if (DataType.isInt(type)) return `${type.isSigned ? "" : "U"}${INTEGERS[type.bitWidth] ?? "INTEGER"}`;
  if (DataType.isFloat(type)) return type.precision === 2 ? "DOUBLE" : "FLOAT";
  if (DataType.isDecimal(type)) return `DECIMAL(${type.precision},${type.scale})`;
  if (DataType.isBool(type)) return "BOOLEAN";
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return "VARCHAR";
  if (DataType.isDate(type)) return "DATE";
  if (DataType.isTimestamp(type)) return type.timezone ? "TIMESTAMPTZ" : "TIMESTAMP";
  if (DataType.isTime(type)) return "TIME";
  if (DataType.isInterval(type)) return "INTERVAL";
  if (kindOf(type) === "binary") return "BLOB";
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const child = type.children?.[0]?.type;
    return `${child ? typeName(child) : ""}[]`;
  }
  if (DataType.isStruct(type)) return "STRUCT";
  if (DataType.isMap(type)) return "MAP";
  return String(type).toUpperCase();
}
