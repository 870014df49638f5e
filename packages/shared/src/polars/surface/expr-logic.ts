import { method } from "./member.ts";

const each = (name: string, doc: string) => method(name, doc, "(): Expr");
const withOther = (name: string, doc: string) => method(name, doc, "(other: IntoExpr): Expr");

/** Comparisons and tests; a text is the name of a column: `.eq(pl.lit("x"))` compares with the text x. */
export const EXPR_LOGIC = [
  withOther("eq", 'Equal; a text is the name of a column: `.eq(pl.lit("x"))` for the text.'),
  withOther("equals", "The same as `eq`."),
  withOther("neq", "Not equal; a text is the name of a column."),
  withOther("notEquals", "The same as `neq`."),
  withOther("gt", "Greater than; a text is the name of a column."),
  withOther("greaterThan", "The same as `gt`."),
  withOther("gtEq", "Greater than or equal; a text is the name of a column."),
  withOther("greaterThanEquals", "The same as `gtEq`."),
  withOther("lt", "Less than; a text is the name of a column."),
  withOther("lessThan", "The same as `lt`."),
  withOther("ltEq", "Less than or equal; a text is the name of a column."),
  withOther("lessThanEquals", "The same as `ltEq`."),
  withOther("and", "Both are true; a text is the name of a column."),
  withOther("or", "At least one is true; a text is the text itself, as in nodejs-polars."),
  each("not", "Not true."),
  method(
    "isIn",
    "Whether the value is among these; a text is the name of a column.",
    "(other: Expr | Series | string | readonly Value[], nullsEqual?: boolean): Expr",
  ),
  each("isDuplicated", "Whether the value is there more than once."),
  each("isFinite", "Neither infinite nor NaN."),
  each("isFirstDistinct", "Whether this is the first appearance of the value."),
  each("isInfinite", "Positive or negative infinity."),
  each("isNan", "Not a number."),
  each("isNotNan", "A number."),
  each("isNotNull", "Not null."),
  each("isNull", "Null."),
  each("isUnique", "Whether the value is there only once."),
  each("peakMax", "Greater than both neighbours."),
  each("peakMin", "Less than both neighbours."),
];
