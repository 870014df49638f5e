import { EXPR_AGGREGATION } from "./expr-aggregation.ts";
import { EXPR_ARITHMETIC } from "./expr-arithmetic.ts";
import { EXPR_LOGIC } from "./expr-logic.ts";
import { EXPR_WINDOW } from "./expr-window.ts";
import { method, property, type SurfaceClass } from "./member.ts";

/** Names, types, and which values in which order. */
const members = [
  property("str", "Functions on texts.", "ExprStr"),
  property("dt", "Functions on dates and times.", "ExprDt"),
  property("list", "Functions on lists.", "ExprList"),
  property("lst", "The same as `list`.", "ExprList"),
  property("struct", "Functions on structs.", "ExprStruct"),
  method("alias", "Names the result.", "(name: string): Expr"),
  method("as", "The same as `alias`.", "(name: string): Expr"),
  method("keepName", "Keeps the name of the column it began with.", "(): Expr"),
  method("prefix", "Puts a text before the name.", "(prefix: string): Expr"),
  method("suffix", "Puts a text after the name.", "(suffix: string): Expr"),
  method("exclude", "All columns but these.", "(...columns: Names[]): Expr"),
  method(
    "cast",
    "Another data type; what does not fit becomes null unless `strict`.",
    "(type: DataType, strict?: boolean): Expr",
  ),
  method("reinterpret", "The bits of a 64-bit integer as signed or unsigned.", "(signed?: boolean): Expr"),
  method("toPhysical", "The numbers a type is stored as.", "(): Expr"),
  method(
    "argSort",
    "The row numbers that would sort the values.",
    "(descending?: boolean, nullsLast?: boolean): Expr",
  ),
  method("argUnique", "The row numbers of first appearances.", "(): Expr"),
  method("backwardFill", "Fills nulls with the next value.", "(): Expr"),
  method("dropNans", "Leaves NaN out.", "(): Expr"),
  method("dropNulls", "Leaves nulls out.", "(): Expr"),
  method("explode", "One row for each element of a list.", "(): Expr"),
  method(
    "extendConstant",
    "Appends a value so many times.",
    "(value: string | number | boolean | null, n: number): Expr",
    "(options: { value: string | number | boolean | null; n: number }): Expr",
  ),
  method("fillNan", "Replaces NaN.", "(value: number | Expr): Expr"),
  method(
    "fillNull",
    "Replaces null by a strategy's value or by a value; any other text is the text itself.",
    "(strategy: FillNullStrategy, limit?: number): Expr",
    "(value: IntoExpr): Expr",
  ),
  method("filter", "Keeps the values for which the expression is true.", "(predicate: Expr): Expr"),
  method("flatten", "The same as `explode`.", "(): Expr"),
  method("forwardFill", "Fills nulls with the last value.", "(): Expr"),
  method(
    "gather",
    "The values at the given positions.",
    "(indices: Expr | number | readonly number[]): Expr",
  ),
  method("gatherEvery", "Each n-th value.", "(n: number, offset?: number): Expr"),
  method("hash", "A hash of each value.", "(k0?: number, k1?: number, k2?: number, k3?: number): Expr"),
  method("head", "The first values.", "(length: number): Expr", "(options: { length: number }): Expr"),
  method(
    "interpolate",
    "Fills nulls on a line between the values around them.",
    '(method?: "linear" | "nearest"): Expr',
  ),
  method("repeatBy", "A list of each value, so many times.", "(times: IntoExpr): Expr"),
  method(
    "replace",
    "Replaces values; all others stay.",
    "(old: Value, replacement: Value): Expr",
    "(options: { old: Record<string, Value> }): Expr",
  ),
  method(
    "replaceStrict",
    "Replaces all values; others take the default or are an error.",
    "(old: Value, replacement: Value, defaultValue?: Value, type?: DataType): Expr",
  ),
  method("reshape", "Lists of the given lengths.", "(dimensions: readonly number[]): Expr"),
  method("reverse", "The values in reverse order.", "(): Expr"),
  method(
    "sample",
    "Random values; with a seed always the same.",
    "(n: number, frac?: null, withReplacement?: boolean, seed?: number, shuffle?: boolean): Expr",
    "(options: SampleOptions): Expr",
  ),
  method(
    "shift",
    "Moves values down by so many rows.",
    "(periods: number): Expr",
    "(options: { periods: number }): Expr",
  ),
  method(
    "shiftAndFill",
    "Moves values down and fills the gap.",
    "(periods: number, fillValue: number): Expr",
    "(options: { periods: number; fillValue: number }): Expr",
  ),
  method("shuffle", "The values in random order; with a seed always the same.", "(seed?: number): Expr"),
  method(
    "slice",
    "Values from an offset on.",
    "(offset: number, length: number): Expr",
    "(options: { offset: number; length: number }): Expr",
  ),
  method(
    "sort",
    "Sorts the values by themselves.",
    "(descending?: boolean, nullsLast?: boolean, maintainOrder?: boolean): Expr",
    "(options: { descending?: boolean; nullsLast?: boolean; maintainOrder?: boolean }): Expr",
  ),
  method(
    "sortBy",
    "Sorts the values by other columns.",
    "(by: Columns, descending?: Flags): Expr",
    "(options: { by: Columns; descending?: Flags }): Expr",
  ),
  method("tail", "The last values.", "(length: number): Expr", "(options: { length: number }): Expr"),
  method("unique", "Each value once.", "(maintainOrder?: boolean): Expr"),
];

export const EXPR: SurfaceClass = {
  name: "Expr",
  doc: "A computation on columns. Where an expression is wanted, a text is the name of a column; `pl.lit` makes a value of it.",
  members: [...members, ...EXPR_ARITHMETIC, ...EXPR_LOGIC, ...EXPR_AGGREGATION, ...EXPR_WINDOW],
};
