/** A TPC-H query in two languages. Its rows are in the order of a key that no two of them share. */
export interface TpchQuery {
  number: number;
  sql: string;
  polars: string;
}

/**
 * Polars' decimals keep the larger scale of both factors, where SQL's add the scales: a product that is to be exact needs its scale
 * beforehand.
 */
export const REVENUE = `pl.col("l_extendedprice").cast(pl.Decimal(38, 4)).mul(pl.lit(1).sub(pl.col("l_discount")))`;
