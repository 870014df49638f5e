import { pl } from "./polars.ts";

const SMALLEST_INT64 = -(2n ** 63n);
const LARGEST_INT64 = 2n ** 63n - 1n;
const LARGEST_UINT64 = 2n ** 64n - 1n;

/**
 * A whole number as an expression: Int32 when it fits, else Int64, UInt64 only beyond. nodejs-polars makes a Float64 of a number, so
 * that a count plus one were no whole number any more, and forgets the sign of a bigint.
 */
export function integerLiteral(value: number | bigint): object {
  if (typeof value === "number") {
    return pl.lit(value).cast(Math.trunc(value) === (value | 0) ? pl.Int32 : pl.Int64);
  }
  if (value < SMALLEST_INT64 || value > LARGEST_UINT64)
    throw new RangeError(`${value} does not fit into 64 bits.`);
  if (value > LARGEST_INT64) return pl.lit(value);
  const size = pl.lit(value < 0n ? -value : value).cast(pl.Int64);
  return value < 0n ? size.mul(pl.lit(-1).cast(pl.Int64)) : size;
}

/** A column's values, and the type that nodejs-polars must be told: without it whole numbers would be Float64. */
export function columnOf(values: readonly unknown[]): { values: unknown; type?: object } {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length === 0) return { values };
  if (present.every(Number.isSafeInteger)) return { values, type: pl.Int64 };
  if (!present.every((value) => typeof value === "bigint")) return { values };
  if (present.every((value) => Number.isSafeInteger(Number(value)))) {
    return {
      values: values.map((value) => (typeof value === "bigint" ? Number(value) : value)),
      type: pl.Int64,
    };
  }
  if (present.length < values.length) {
    throw new RangeError("A column of whole numbers beyond 2^53 cannot have nulls here.");
  }
  return { values: BigInt64Array.from(present) };
}
