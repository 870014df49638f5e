import { method, type SurfaceClass } from "./member.ts";

export const LAZY_GROUP_BY: SurfaceClass = {
  name: "LazyGroupBy",
  doc: "Groups of a LazyFrame.",
  members: [
    method("agg", "One row for each group.", "(...columns: (Columns | Series)[]): LazyFrame"),
    method("head", "The first rows of each group.", "(rows?: number): LazyFrame"),
    method("len", "The number of rows of each group.", "(name?: string): LazyFrame"),
    method("tail", "The last rows of each group.", "(rows?: number): LazyFrame"),
  ],
};

export const GROUP_BY: SurfaceClass = {
  name: "GroupBy",
  doc: "Groups of a DataFrame.",
  members: [
    method("agg", "One row for each group.", "(...columns: Expr[]): DataFrame"),
    method("first", "The first row of each group.", "(): DataFrame"),
    method("groups", "The row numbers of each group.", "(): DataFrame"),
    method("head", "The first values of each group, as lists.", "(rows?: number): DataFrame"),
    method("last", "The last row of each group.", "(): DataFrame"),
    method("len", "The number of rows of each group.", "(): DataFrame"),
    method("max", "The largest values of each group.", "(): DataFrame"),
    method("mean", "The means of each group.", "(): DataFrame"),
    method("median", "The medians of each group.", "(): DataFrame"),
    method("min", "The smallest values of each group.", "(): DataFrame"),
    method("nUnique", "How many different values each group has.", "(): DataFrame"),
    method("quantile", "A quantile of each group.", "(quantile: number): DataFrame"),
    method("sum", "The sums of each group.", "(): DataFrame"),
    method("tail", "The last values of each group, as lists.", "(rows?: number): DataFrame"),
  ],
};

export const WINDOW_GROUP_BY: SurfaceClass = {
  name: "WindowGroupBy",
  doc: "Rolling or dynamic groups of a DataFrame.",
  members: [method("agg", "One row for each window.", "(...columns: Columns[]): DataFrame")],
};
