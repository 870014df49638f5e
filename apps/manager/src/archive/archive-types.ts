import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";

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

/** How the archive carries what Parquet cannot hold. */
export function archiveCarrier(withFarTimes: boolean): (type: DuckDBType) => string | null {
  return ({ typeId }) => (AS_TEXT.has(typeId) || (withFarTimes && FAR_TIMES.has(typeId)) ? "VARCHAR" : null);
}
