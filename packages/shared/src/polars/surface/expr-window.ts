import { method } from "./member.ts";

const cumulative = (name: string, doc: string) =>
  method(name, doc, "(reverse?: boolean): Expr", "(options: { reverse: boolean }): Expr");

const rolling = (name: string, doc: string) =>
  method(
    name,
    doc,
    "(windowSize: number, weights?: readonly number[], minPeriods?: number, center?: boolean): Expr",
    "(options: RollingOptions): Expr",
  );

const weighted = (name: string, doc: string) =>
  method(
    name,
    doc,
    "(alpha?: number, adjust?: boolean, minPeriods?: number, bias?: boolean, ignoreNulls?: boolean): Expr",
    "(options: EwmOptions): Expr",
  );

/** Each value beside the values around it. */
export const EXPR_WINDOW = [
  method("over", "Computes within groups and keeps all rows.", "(...columns: Columns[]): Expr"),
  cumulative("cumCount", "How many values up to here."),
  cumulative("cumMax", "The largest value up to here."),
  cumulative("cumMin", "The smallest value up to here."),
  cumulative("cumProd", "The product up to here."),
  cumulative("cumSum", "The sum up to here."),
  method(
    "diff",
    "The difference from the value n rows before.",
    '(n: number, nullBehavior?: "ignore" | "drop"): Expr',
    '(options: { n: number; nullBehavior: "ignore" | "drop" }): Expr',
  ),
  weighted("ewmMean", "Exponentially weighted mean."),
  weighted("ewmStd", "Exponentially weighted standard deviation."),
  weighted("ewmVar", "Exponentially weighted variance."),
  method(
    "pctChange",
    "The change from the value n rows before, as a fraction.",
    "(n?: number): Expr",
    "(options: { n: number }): Expr",
  ),
  method(
    "rank",
    "The rank of each value.",
    "(method?: RankMethod, descending?: boolean): Expr",
    "(options: { method?: RankMethod; descending?: boolean }): Expr",
  ),
  rolling("rollingMax", "The largest of the last values."),
  rolling("rollingMean", "The mean of the last values."),
  rolling("rollingMedian", "The median of the last values."),
  rolling("rollingMin", "The smallest of the last values."),
  method("rollingQuantile", "A quantile of the last values.", "(options: RollingQuantileOptions): Expr"),
  method(
    "rollingSkew",
    "The skew of the last values.",
    "(windowSize: number, bias?: boolean): Expr",
    "(options: { windowSize: number; bias?: boolean }): Expr",
  ),
  rolling("rollingStd", "The standard deviation of the last values."),
  rolling("rollingSum", "The sum of the last values."),
  rolling("rollingVar", "The variance of the last values."),
];
