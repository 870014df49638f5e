import { method } from "./member.ts";

const each = (name: string, doc: string) => method(name, doc, "(): Expr");

/** From many values to one, for the whole column or for each group. */
export const EXPR_AGGREGATION = [
  method("all", "Whether all are true.", "(ignoreNulls?: boolean): Expr"),
  method("any", "Whether any is true.", "(ignoreNulls?: boolean): Expr"),
  each("argMax", "The position of the largest value."),
  each("argMin", "The position of the smallest value."),
  each("count", "How many values are not null."),
  method("dot", "The dot product with another column.", "(other: Column): Expr"),
  method("entropy", "The entropy of the values.", "(base?: number, normalize?: boolean): Expr"),
  each("first", "The first value."),
  each("implode", "All values as one list."),
  method(
    "kurtosis",
    "How heavy the tails are.",
    "(fisher?: boolean, bias?: boolean): Expr",
    "(options: { fisher?: boolean; bias?: boolean }): Expr",
  ),
  each("last", "The last value."),
  each("lowerBound", "The smallest value the data type can hold."),
  each("max", "The largest value."),
  each("mean", "The mean."),
  each("median", "The median."),
  each("min", "The smallest value."),
  each("mode", "The most frequent values."),
  each("nUnique", "How many different values."),
  each("nullCount", "How many nulls."),
  each("product", "The product."),
  method("quantile", "A quantile.", "(quantile: number | Expr, interpolation?: Interpolation): Expr"),
  method(
    "skew",
    "How lopsided the values are.",
    "(bias?: boolean): Expr",
    "(options: { bias: boolean }): Expr",
  ),
  each("std", "The standard deviation."),
  each("sum", "The sum."),
  each("uniqueCounts", "How often each value is there, in order of appearance."),
  each("upperBound", "The largest value the data type can hold."),
  method(
    "valueCounts",
    "Each value and how often it is there, as structs.",
    "(sort?: boolean, parallel?: boolean, name?: string, normalize?: boolean): Expr",
  ),
  each("var", "The variance."),
];
