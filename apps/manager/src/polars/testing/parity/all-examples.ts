import type { Examples } from "./example.ts";
import {
  EXPR_DT_EXAMPLES,
  EXPR_EXAMPLES,
  EXPR_LIST_EXAMPLES,
  EXPR_STR_EXAMPLES,
  EXPR_STRUCT_EXAMPLES,
} from "./expressions.ts";
import {
  DATA_FRAME_EXAMPLES,
  GROUP_BY_EXAMPLES,
  LAZY_FRAME_EXAMPLES,
  LAZY_GROUP_BY_EXAMPLES,
  WINDOW_GROUP_BY_EXAMPLES,
} from "./frames.ts";
import {
  CHAINED_THEN_EXAMPLES,
  CHAINED_WHEN_EXAMPLES,
  DATA_TYPE_EXAMPLES,
  NAMESPACE_EXAMPLES,
  THEN_EXAMPLES,
  WHEN_EXAMPLES,
} from "./namespace.ts";
import { SERIES_EXAMPLES } from "./series.ts";

/** One example for each member of each class of the surface. */
export const EXAMPLES: Readonly<Record<string, Examples>> = {
  Polars: NAMESPACE_EXAMPLES,
  LazyFrame: LAZY_FRAME_EXAMPLES,
  LazyGroupBy: LAZY_GROUP_BY_EXAMPLES,
  DataFrame: DATA_FRAME_EXAMPLES,
  GroupBy: GROUP_BY_EXAMPLES,
  WindowGroupBy: WINDOW_GROUP_BY_EXAMPLES,
  Expr: EXPR_EXAMPLES,
  ExprStr: EXPR_STR_EXAMPLES,
  ExprDt: EXPR_DT_EXAMPLES,
  ExprList: EXPR_LIST_EXAMPLES,
  ExprStruct: EXPR_STRUCT_EXAMPLES,
  Series: SERIES_EXAMPLES,
  When: WHEN_EXAMPLES,
  Then: THEN_EXAMPLES,
  ChainedWhen: CHAINED_WHEN_EXAMPLES,
  ChainedThen: CHAINED_THEN_EXAMPLES,
  DataType: DATA_TYPE_EXAMPLES,
};
