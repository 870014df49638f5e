import type { Column } from "@teatree/shared/contracts/models";

/**
 * What Parquet cannot hold goes into the file as text, exactly: HUGEINT would become a double, and BIT, UNION, VARIANT, TIMETZ and
 * types nested with them are refused or change.
 */
const AS_TEXT =
  /\b(?:HUGEINT|UHUGEINT|BIT|BIGNUM|VARINT|VARIANT|GEOMETRY|TIME WITH TIME ZONE|TIMETZ|TIME_NS)\b|UNION\(/i;

/** The column list of `SELECT … FROM table` for a Parquet file. */
export function parquetColumns(columns: Pick<Column, "name" | "type">[]): string {
  return columns
    .map(({ name, type }) =>
      AS_TEXT.test(type) ? `CAST(${quoted(name)} AS VARCHAR) AS ${quoted(name)}` : quoted(name),
    )
    .join(", ");
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
