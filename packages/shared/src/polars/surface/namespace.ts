import { method, property, type SurfaceClass } from "./member.ts";

const ofColumn = (name: string, doc: string) => method(name, doc, "(column: Column): Expr");
const ofTwo = (name: string, doc: string) => method(name, doc, "(a: Column, b: Column): Expr");
const horizontal = (name: string, doc: string) => method(name, doc, "(columns: Columns): Expr");
const type = (name: string, doc: string) => property(name, doc, "DataType");

const members = [
  method(
    "DataFrame",
    "A frame of the given values; columns of whole numbers are Int64.",
    "(data?: Record<string, Series | readonly Value[]> | readonly Series[] | readonly Value[], options?: FrameOptions): DataFrame",
  ),
  method(
    "Series",
    "A column of the given values; whole numbers are Int64.",
    "(name: string, values: readonly Value[], type?: DataType): Series",
    "(values: readonly Value[]): Series",
  ),
  method("all", "All columns.", "(): Expr"),
  horizontal("allHorizontal", "Whether all columns are true, row by row."),
  horizontal("anyHorizontal", "Whether any column is true, row by row."),
  method(
    "argSortBy",
    "The row numbers that would sort by these columns.",
    "(columns: readonly Column[], descending?: Flags): Expr",
  ),
  ofColumn("avg", "The mean of a column."),
  method(
    "col",
    "A column, several columns, or all of a data type; a text from ^ to $ is a pattern.",
    "(column: string | readonly string[] | Series | DataType): Expr",
  ),
  method("cols", "Several columns.", "(...columns: Names[]): Expr"),
  method(
    "concat",
    "Frames below or beside one another; series behind one another.",
    "(items: readonly LazyFrame[], options?: ConcatOptions): LazyFrame",
    "(items: readonly DataFrame[], options?: ConcatOptions): DataFrame",
    "(items: readonly Series[]): Series",
  ),
  method("concatList", "One list of several columns, row by row.", "(...columns: Columns[]): Expr"),
  method(
    "concatString",
    "One text of several columns, row by row.",
    "(columns: readonly Column[], separator?: string, ignoreNulls?: boolean): Expr",
    "(options: { exprs: readonly Column[]; sep: string; ignoreNulls?: boolean }): Expr",
  ),
  method("count", "How many values of a column are not null.", "(column: string): Expr"),
  method("cov", "The covariance of two columns.", "(a: Column, b: Column, ddof?: number): Expr"),
  method("element", "An element, within `list.eval` and `pivot`.", "(): Expr"),
  method("exclude", "All columns but these.", "(...columns: Names[]): Expr"),
  method("first", "The first column, or the first value of a column.", "(column?: string): Expr"),
  method(
    "format",
    "A text with {} where columns go; a text among them is the name of a column.",
    "(text: string | readonly string[], ...columns: Column[]): Expr",
  ),
  method("head", "The first values of a column.", "(column: Column, n: number): Expr"),
  method(
    "intRange",
    "Integers from start up to end, which is left out.",
    "(start: number | Expr, end?: number | Expr, step?: number, type?: DataType): Expr",
  ),
  method(
    "intRanges",
    "A list of integers for each row.",
    "(start: number | string | Expr, end: number | string | Expr, step?: number, type?: DataType): Expr",
  ),
  ofColumn("last", "The last value of a column."),
  method("len", "The number of rows.", "(): Expr"),
  ofColumn("list", "All values of a column as one list."),
  method("lit", "A value.", "(value: IntoExpr | readonly Value[]): Expr"),
  horizontal("maxHorizontal", "The largest value of several columns, row by row."),
  ofColumn("mean", "The mean of a column."),
  ofColumn("median", "The median of a column."),
  horizontal("minHorizontal", "The smallest value of several columns, row by row."),
  ofColumn("nUnique", "How many different values a column has."),
  method("nth", "A column by position.", "(index: number): Expr"),
  ofTwo("pearsonCorr", "The Pearson correlation of two columns."),
  method("quantile", "A quantile of a column.", "(column: Column, quantile: number): Expr"),
  method(
    "repeat",
    "A series of one value, so many times.",
    "(value: string | number | boolean | null, n: number, name?: string): Series",
  ),
  method("select", "Computes expressions that need no frame.", "(...columns: Column[]): DataFrame"),
  ofTwo("spearmanRankCorr", "The Spearman rank correlation of two columns."),
  method("struct", "One struct of several columns, row by row.", "(columns: Expr | readonly Expr[]): Expr"),
  horizontal("sumHorizontal", "The sum of several columns, row by row."),
  method("tail", "The last values of a column.", "(column: Column, n: number): Expr"),
  method("when", "A choice: `pl.when(…).then(…).otherwise(…)`.", "(condition: Expr): When"),
  type("Bool", "True and false."),
  type("Categorical", "Texts of which few differ."),
  type("Date", "A day."),
  method("Datetime", "A point in time.", "(unit?: TimeUnit, timeZone?: string | null): DataType"),
  method("Decimal", "A decimal number.", "(precision?: number | null, scale?: number | null): DataType"),
  method("Duration", "A span of time.", "(unit?: TimeUnit): DataType"),
  method("FixedSizeList", "Lists of one length.", "(inner: DataType, size: number): DataType"),
  type("Float32", "A number with a fraction, 32 bits."),
  type("Float64", "A number with a fraction, 64 bits."),
  type("Int16", "A whole number, 16 bits."),
  type("Int32", "A whole number, 32 bits."),
  type("Int64", "A whole number, 64 bits."),
  type("Int8", "A whole number, 8 bits."),
  method("List", "Lists.", "(inner: DataType): DataType"),
  type("Null", "Nothing but nulls."),
  type("String", "A text."),
  method("Struct", "Several named values in one.", "(fields: Record<string, DataType>): DataType"),
  type("Time", "A time of day."),
  type("UInt16", "A whole number from 0 on, 16 bits."),
  type("UInt32", "A whole number from 0 on, 32 bits."),
  type("UInt64", "A whole number from 0 on, 64 bits."),
  type("UInt8", "A whole number from 0 on, 8 bits."),
  type("Utf8", "A text."),
];

export const NAMESPACE: SurfaceClass = { name: "Polars", doc: "What `pl` has.", members };

export const DATA_TYPE: SurfaceClass = {
  name: "DataType",
  doc: "The type of a column.",
  members: [
    property("variant", "The name of the type.", "string"),
    method("equals", "Whether both are the same type.", "(other: DataType): boolean"),
    method("toString", "The type as text.", "(): string"),
  ],
};
