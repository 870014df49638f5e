import { type Examples, forEach } from "./example.ts";

export const NAMESPACE_EXAMPLES: Examples = {
  ...forEach("avg count first last mean median", (name) => `on(pl.${name}("n"))`),
  ...forEach("list nUnique", (name) => `on(pl.${name}("k"))`),
  ...forEach("head tail", (name) => `on(pl.${name}("n", 2))`),
  ...forEach("maxHorizontal minHorizontal sumHorizontal", (name) => `on(pl.${name}([col("id"), col("n")]))`),
  ...forEach("allHorizontal anyHorizontal", (name) => `on(pl.${name}([col("b"), col("c")]))`),
  ...forEach("pearsonCorr spearmanRankCorr cov", (name) => `on(pl.${name}("id", "n"))`),
  ...forEach(
    "Bool Categorical Date Float32 Float64 Int16 Int32 Int64 Int8 Null String Time UInt16 UInt32 UInt64 UInt8 Utf8",
    (name) => `pl.${name}.toString()`,
  ),
  DataFrame: "pl.DataFrame({ a: [1, null, 3], b: ['x', 'y', null] })",
  Series: 'pl.Series("a", [1.5, null])',
  Datetime: 'pl.Datetime("us", "UTC").toString()',
  Decimal: "pl.Decimal(10, 2).toString()",
  Duration: 'pl.Duration("ms").toString()',
  FixedSizeList: "pl.FixedSizeList(pl.Int64, 2).toString()",
  List: "pl.List(pl.Int64).toString()",
  Struct: "pl.Struct({ a: pl.Int64 }).variant",
  all: "base.select(pl.all())",
  argSortBy: 'on(pl.argSortBy([col("n")], true))',
  col: 'on(col("^i.*$"), col(["n", "k"]), col(pl.Utf8).prefix("text_"))',
  cols: 'on(pl.cols("id", "n"))',
  concat: 'pl.concat([df, df.select("id", "n")], { how: "diagonal" })',
  concatList: 'on(pl.concatList(["id", "n"]))',
  concatString: 'on(pl.concatString([col("k"), col("s")], "-"))',
  element: 'on(col("l").list.eval(pl.element().add(1)))',
  exclude: 'df.select(pl.exclude("id"))',
  format: 'on(pl.format("{}-{}", "k", col("s")))',
  intRange: "pl.select(pl.intRange(0, 5, 2))",
  intRanges: 'df.select(pl.intRanges(0, "id"))',
  len: "on(pl.len())",
  lit: 'on(lit(1).alias("i"), lit(1.5).alias("f"), lit("t").alias("t"), lit(null).alias("z"), lit(true).alias("b"), lit(day(3)).alias("d"), lit(7n).alias("big"))',
  nth: "df.select(pl.nth(1))",
  quantile: 'on(pl.quantile("n", 0.5))',
  repeat: 'pl.repeat("a", 3)',
  select: 'pl.select(lit(1).alias("one"))',
  struct: 'on(pl.struct([col("id"), col("k")]).alias("st"))',
  when: 'on(when().then(lit("high")).otherwise(lit("low")).alias("w"))',
};

const chosen = (code: string) => `${code}.otherwise(lit(0))`;

export const WHEN_EXAMPLES: Examples = forEach("then", () => chosen("when().then(col('n'))"));
export const THEN_EXAMPLES: Examples = {
  when: chosen("when().then(lit(1)).when(col('id').gt(1)).then(lit(2))"),
  otherwise: chosen("when().then(lit(1))"),
};
export const CHAINED_WHEN_EXAMPLES: Examples = forEach("then", () =>
  chosen("when().then(lit(1)).when(col('b')).then(lit(2))"),
);
export const CHAINED_THEN_EXAMPLES: Examples = {
  when: chosen("when().then(lit(1)).when(col('b')).then(lit(2)).when(col('c')).then(lit(3))"),
  otherwise: chosen("when().then(lit(1)).when(col('b')).then(lit(2))"),
};

export const DATA_TYPE_EXAMPLES: Examples = {
  variant: "pl.Int64.variant",
  equals: 'pl.Datetime("ms").equals(pl.Datetime("us"))',
  toString: "pl.List(pl.Utf8).toString()",
};
