import { type Examples, forEach } from "./example.ts";

const both = (frame: string): Examples => ({
  columns: `${frame}.columns`,
  clone: `${frame}.clone()`,
  drop: `${frame}.drop("n", "k")`,
  dropNulls: `${frame}.dropNulls("x")`,
  explode: `${frame}.select("id", "l").explode("l")`,
  fillNull: `${frame}.select("b").fillNull(lit(false))`,
  filter: `${frame}.filter(col("k").eq(lit("a")))`,
  reverse: `${frame}.reverse()`,
  shift: `${frame}.select("id").shift(2)`,
  shiftAndFill: `${frame}.select("id").shiftAndFill(2, 9)`,
  slice: `${frame}.slice(1, 2)`,
  sort: `${frame}.sort(["k", "id"], [true, false])`,
  unique: `${frame}.select("k").unique({ subset: "k", maintainOrder: true })`,
  unpivot: `${frame}.unpivot("id", ["n", "x"]).sort(["variable", "id"])`,
  unnest: `${frame}.select(pl.struct([col("id"), col("k")]).alias("st")).unnest("st")`,
  withColumn: `${frame}.withColumn(col("n").mul(2).alias("twice"))`,
  withColumnRenamed: `${frame}.withColumnRenamed("n", "number")`,
  withColumns: `${frame}.withColumns(col("n").mul(2).alias("twice"), col("id").add(1).alias("next"))`,
  withRowIndex: `${frame}.withRowIndex("row", 10)`,
  rename: `${frame}.rename({ n: "number", k: "kind" })`,
  select: `${frame}.select(col("id"), "k")`,
  quantile: `${frame}.select("id", "n").quantile(0.5)`,
  ...forEach("head limit tail", (name) => `${frame}.${name}(2)`),
  ...forEach("max mean median min std sum var", (name) => `${frame}.select("id", "n").${name}()`),
});

export const LAZY_FRAME_EXAMPLES: Examples = {
  ...both("lf"),
  cache: "lf.cache()",
  collect: "lf.collect().then((frame) => frame.lazy())",
  collectSync: "lf.collectSync().lazy()",
  fillNan: 'lf.select("x").fillNan(0)',
  first: "lf.first().lazy()",
  last: "lf.last()",
  groupBy: 'lf.groupBy("k").agg(col("id").sum())',
  groupByDynamic: 'lf.groupByDynamic({ indexColumn: "d", every: "2d" }).agg(col("id").sum())',
  groupByRolling: 'lf.groupByRolling({ indexColumn: "id", period: "2i" }).agg(col("n").sum())',
  join: 'lf.join(lf.select("k", "x").filter(col("x").gt(2)), { on: "k", how: "left", maintainOrder: "left_right" })',
  joinAsof:
    'lf.select("id", "n").joinAsof(lf.select("id", "k").slice(1, 3), { on: "id", strategy: "backward" })',
};

export const LAZY_GROUP_BY_EXAMPLES: Examples = {
  agg: 'lf.groupBy("k").agg(col("id").sum(), pl.len().alias("many"))',
  head: 'lf.select("id", "k").groupBy("k").head(1)',
  len: 'lf.groupBy("k").len("many")',
  tail: 'lf.select("id", "k").groupBy("k").tail(1)',
};

export const GROUP_BY_EXAMPLES: Examples = {
  agg: 'df.groupBy("k").agg(col("id").sum()).sort("k")',
  quantile: 'df.groupBy("k").quantile(0.5).sort("k")',
  groups: 'df.groupBy("k").groups().sort("k")',
  len: 'df.groupBy("k").len().sort("k")',
  ...forEach("head tail", (name) => `df.groupBy("k").${name}(1).sort("k")`),
  ...forEach("first last max mean median min nUnique sum", (name) => `df.groupBy("k").${name}().sort("k")`),
};

export const WINDOW_GROUP_BY_EXAMPLES: Examples = {
  agg: 'df.groupByRolling({ indexColumn: "id", period: "2i" }).agg(col("n").sum())',
};

export const DATA_FRAME_EXAMPLES: Examples = {
  ...both("base"),
  ...forEach("dtypes height schema shape width", (name) => `base.${name}`),
  ...forEach("add plus sub minus mul multiplyBy div divideBy rem modulo", (name) => `numbers.${name}(2)`),
  ...forEach("count nullCount product interpolate", (name) => `numbers.${name}()`),
  ...forEach("isDuplicated isUnique", (name) => `base.select("k").${name}()`),
  ...forEach("rows toObject toRecords lazy isEmpty getColumns rechunk", (name) => `base.${name}()`),
  ...forEach("findIdxByName getColumnIndex getColumn", (name) => `base.${name}("n")`),
  clear: "df.clear(2)",
  describe: "numbers.describe()",
  extend: "df.clone().extend(df)",
  fillNull: 'base.select("x").fillNull("forward")',
  frameEqual: "df.frameEqual(df.clone())",
  gatherEvery: "df.gatherEvery(2)",
  groupBy: 'df.groupBy("k").sum().sort("k")',
  groupByDynamic: 'base.groupByDynamic({ indexColumn: "d", every: "2d" }).agg(col("id").sum())',
  groupByRolling: 'base.groupByRolling({ indexColumn: "id", period: "2i" }).agg(col("n").sum())',
  hashRows: "df.hashRows().len()",
  hstack: 'df.hstack([pl.Series("new", [1, 2, 3, 4, 5, 6])])',
  item: 'df.item(1, "n")',
  join: 'df.join(df.select("k", "n"), { on: "k", how: "inner" }).sort(["id", "n_right"])',
  joinAsof: 'numbers.joinAsof(numbers.select("id", col("n").alias("before")).slice(1, 3), { on: "id" })',
  nChunks: "df.nChunks()",
  nUnique: 'df.nUnique("k")',
  partitionBy: 'df.partitionBy("k", true)',
  pivot: 'df.pivot({ values: "n", index: "id", on: "k" })',
  row: "df.row(1)",
  sample: "df.sample({ n: 3, seed: 1 }).height",
  toDummies: 'df.select("k").toDummies()',
  toSeries: "df.toSeries(1)",
  toStruct: 'df.toStruct("all")',
  transpose: "numbers.transpose()",
  upsample: 'base.select("d", "id").upsample({ timeColumn: "id", every: "1i" })',
  vstack: "df.vstack(df)",
  where: 'df.where(col("id").gt(2))',
};
