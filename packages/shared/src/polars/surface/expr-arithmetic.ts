import { method } from "./member.ts";

const each = (name: string, doc: string) => method(name, doc, "(): Expr");
const withOther = (name: string, doc: string) => method(name, doc, "(other: IntoExpr): Expr");
/** No `IntoExpr`: an integer literal would make Polars drop the fraction of integers that are divided. */
const divided = (name: string, doc: string) =>
  method(name, doc, "(other: Expr | Series | string | number): Expr");

/** Arithmetic on expressions; a text is the name of a column. */
export const EXPR_ARITHMETIC = [
  withOther("add", "Plus; a text is the name of a column."),
  withOther("plus", "The same as `add`."),
  withOther("sub", "Minus; a text is the name of a column."),
  withOther("minus", "The same as `sub`."),
  withOther(
    "mul",
    "Times; a text is the name of a column. Decimals keep the larger scale of the two: cast to more digits before, where SQL has them.",
  ),
  withOther("multiplyBy", "The same as `mul`."),
  divided("div", "Divided by a number, with a fraction; two integer columns give an integer."),
  divided("divideBy", "The same as `div`."),
  withOther("rem", "The remainder; a text is the name of a column."),
  withOther("modulo", "The same as `rem`."),
  each("abs", "Without the sign."),
  each("arccos", "Arc cosine, in radians."),
  each("arccosh", "Inverse hyperbolic cosine."),
  each("arcsin", "Arc sine, in radians."),
  each("arcsinh", "Inverse hyperbolic sine."),
  each("arctan", "Arc tangent, in radians."),
  method("arctan2", "The angle of (x, y), in radians.", "(other: Column): Expr"),
  each("arctanh", "Inverse hyperbolic tangent."),
  each("ceil", "Rounded up."),
  method(
    "clip",
    "Kept between two bounds.",
    "(min: number, max: number): Expr",
    "(bounds: { min: number; max: number }): Expr",
  ),
  each("cos", "Cosine."),
  each("cosh", "Hyperbolic cosine."),
  each("cot", "Cotangent."),
  each("degrees", "From radians to degrees."),
  each("exp", "e to the power of the value."),
  each("floor", "Rounded down."),
  method("log", "Logarithm, natural unless a base is given.", "(base?: number): Expr"),
  each("log1p", "Natural logarithm of 1 + the value."),
  method("pow", "To a power.", "(exponent: number): Expr", "(options: { exponent: number }): Expr"),
  each("radians", "From degrees to radians."),
  method(
    "round",
    "Rounded to so many decimals.",
    "(decimals: number, mode?: RoundMode): Expr",
    "(options: { decimals: number; mode?: RoundMode }): Expr",
  ),
  each("sin", "Sine."),
  each("sinh", "Hyperbolic sine."),
  each("tan", "Tangent."),
  each("tanh", "Hyperbolic tangent."),
];
