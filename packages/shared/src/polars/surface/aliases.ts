/**
 * The types that signatures name besides classes. `IntoExpr` is special: a whole number that is given for one becomes an
 * integer literal (Int32, or Int64 when it needs more), where nodejs-polars would make a Float64 of it.
 */
export const TYPE_ALIASES: Readonly<Record<string, string>> = {
  IntoExpr: "Expr | Series | string | number | bigint | boolean | Date | null",
  Column: "string | Expr",
  Columns: "Column | readonly Columns[]",
  Names: "string | readonly string[]",
  Flags: "boolean | readonly boolean[]",
  Pattern: "string | RegExp",
  Value: "string | number | bigint | boolean | Date | null | readonly Value[] | { [name: string]: Value }",
  FillNullStrategy: '"backward" | "forward" | "mean" | "min" | "max" | "zero" | "one"',
  Interpolation: '"nearest" | "higher" | "lower" | "midpoint" | "linear"',
  RankMethod: '"average" | "min" | "max" | "dense" | "ordinal" | "random"',
  RoundMode: '"halftoeven" | "halfawayfromzero"',
  Keep: '"first" | "last" | "any" | "none"',
  Closed: '"left" | "right" | "both" | "none"',
  TimeUnit: '"ms" | "us" | "ns"',
  JoinOptions:
    '{ on?: Columns; leftOn?: Columns; rightOn?: Columns; how?: "inner" | "left" | "right" | "full" | "semi" | "anti" | "cross"; suffix?: string; coalesce?: boolean; validate?: "m:m" | "1:1" | "1:m" | "m:1"; nullsEqual?: boolean; maintainOrder?: "none" | "left" | "right" | "left_right" | "right_left"; buildSide?: "auto" | "left" | "right" | "force_left" | "force_right" }',
  AsofOptions:
    '{ on?: string; leftOn?: string; rightOn?: string; by?: Names; byLeft?: Names; byRight?: Names; strategy?: "backward" | "forward" | "nearest"; suffix?: string; tolerance?: number | string; checkSortedness?: boolean; coalesce?: boolean; allowExactMatches?: boolean }',
  SortOptions:
    "{ by: Columns; descending?: Flags; nullsLast?: Flags; maintainOrder?: boolean; multithreaded?: boolean }",
  UniqueOptions: "{ subset?: Names; keep?: Keep; maintainOrder?: boolean }",
  UnpivotOptions: "{ variableName?: string | null; valueName?: string | null }",
  PivotOptions:
    '{ values?: Names; index: Names; on: Names; aggregateFunc?: "sum" | "max" | "min" | "mean" | "median" | "first" | "last" | "count" | Expr; maintainOrder?: boolean; sortColumns?: boolean; separator?: string }',
  RollingGroupOptions:
    "{ indexColumn: string; period: string; offset?: string; closed?: Closed; by?: string | Expr | readonly string[] }",
  DynamicGroupOptions:
    '{ indexColumn: string; every: string; period?: string; offset?: string; label?: "left" | "right" | "datapoint"; includeBoundaries?: boolean; closed?: Closed; by?: string | Expr | readonly string[]; startBy?: "window" | "datapoint" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" }',
  RollingOptions:
    "{ windowSize: number; weights?: readonly number[]; minPeriods?: number; center?: boolean }",
  RollingQuantileOptions:
    "{ quantile: number; windowSize: number; interpolation?: Interpolation; weights?: readonly number[]; minPeriods?: number; center?: boolean }",
  EwmOptions:
    "{ alpha?: number; adjust?: boolean; minPeriods?: number; bias?: boolean; ignoreNulls?: boolean }",
  SampleOptions:
    "{ n?: number; frac?: number; withReplacement?: boolean; seed?: number | bigint; shuffle?: boolean }",
  ConcatOptions:
    '{ how?: "vertical" | "verticalRelaxed" | "horizontal" | "diagonal" | "diagonalRelaxed" | "align" | "alignFull" | "alignInner" | "alignLeft" | "alignRight"; rechunk?: boolean; parallel?: boolean }',
  FrameOptions:
    '{ schema?: Record<string, DataType>; schemaOverrides?: Record<string, DataType>; columns?: readonly string[]; orient?: "row" | "col"; inferSchemaLength?: number }',
  DummyOptions: "{ separator?: string; dropFirst?: boolean; dropNulls?: boolean }",
  TransposeOptions: "{ includeHeader?: boolean; headerName?: string; columnNames?: readonly string[] }",
};
