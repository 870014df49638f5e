import { method, type SurfaceClass } from "./member.ts";

const each = (name: string, doc: string) => method(name, doc, "(): Expr");

export const EXPR_STR: SurfaceClass = {
  name: "ExprStr",
  doc: "Functions on texts. Patterns are Rust regular expressions; a JavaScript RegExp is passed on as its text.",
  members: [
    method(
      "concat",
      "All texts as one, with a text between.",
      "(delimiter: string, ignoreNulls?: boolean): Expr",
    ),
    method(
      "contains",
      "Whether the pattern is found.",
      "(pattern: Pattern | Expr, literal?: boolean, strict?: boolean): Expr",
    ),
    method(
      "decode",
      "From hex or base64.",
      '(encoding: "hex" | "base64", strict?: boolean): Expr',
      '(options: { encoding: "hex" | "base64"; strict?: boolean }): Expr',
    ),
    method("encode", "To hex or base64.", '(encoding: "hex" | "base64"): Expr'),
    method("endsWith", "Whether it ends with the text.", "(suffix: string | Expr): Expr"),
    method(
      "extract",
      "A group of the pattern's first match; 0 is all of it.",
      "(pattern: Pattern | Expr, group: number): Expr",
    ),
    method("jsonDecode", "Reads JSON as the given data type.", "(type: DataType): Expr"),
    method("jsonPathMatch", "The first match of a JSON path.", "(path: string): Expr"),
    each("lengths", "The number of bytes."),
    each("lstrip", "Without white space at the start."),
    method("padEnd", "Filled up at the end.", "(length: number, fill: string): Expr"),
    method("padStart", "Filled up at the start.", "(length: number, fill: string): Expr"),
    method(
      "replace",
      "Replaces the first match.",
      "(pattern: Pattern | Expr, value: string | Expr, literal?: boolean, n?: number): Expr",
    ),
    method(
      "replaceAll",
      "Replaces all matches.",
      "(pattern: Pattern | Expr, value: string | Expr, literal?: boolean): Expr",
    ),
    each("rstrip", "Without white space at the end."),
    method(
      "slice",
      "A part of the text; a negative start counts from the end.",
      "(start: number, length: number): Expr",
    ),
    method("split", "A list of parts.", "(by: string, options?: boolean | { inclusive?: boolean }): Expr"),
    method("startsWith", "Whether it starts with the text.", "(prefix: string | Expr): Expr"),
    each("strip", "Without white space at both ends."),
    method("stripChars", "Without these characters at both ends.", "(characters: string | Expr): Expr"),
    method("stripCharsEnd", "Without these characters at the end.", "(characters: string | Expr): Expr"),
    method("stripCharsStart", "Without these characters at the start.", "(characters: string | Expr): Expr"),
    method(
      "strptime",
      "Reads a date (`pl.Date`) or a time (`pl.Datetime`).",
      "(type: DataType | typeof pl.Datetime, format?: string): Expr",
    ),
    each("toLowerCase", "In lower case."),
    each("toUpperCase", "In upper case."),
    method("zFill", "Filled up with zeros at the start.", "(length: number): Expr"),
  ],
};

export const EXPR_DT: SurfaceClass = {
  name: "ExprDt",
  doc: "Functions on dates and times.",
  members: [
    method("convertTimeZone", "The same instant in another time zone.", "(timeZone: string): Expr"),
    each("day", "Day of the month."),
    each("hour", "Hour."),
    each("minute", "Minute."),
    each("month", "Month, 1 to 12."),
    each("nanosecond", "Nanosecond."),
    each("ordinalDay", "Day of the year."),
    method(
      "replaceTimeZone",
      "The same wall clock in another time zone.",
      '(timeZone: string, ambiguous?: string | Expr, nonExistent?: "raise" | "null"): Expr',
    ),
    method("round", "Rounded to a step such as `1h`.", "(every: string | Expr): Expr"),
    each("second", "Second."),
    method("strftime", "As text, in the given format.", "(format: string): Expr"),
    each("timestamp", "Milliseconds since 1970."),
    method("truncate", "Cut down to a step such as `1d` or `1mo`.", "(every: string | Expr): Expr"),
    each("week", "ISO week, 1 to 53."),
    each("weekday", "Day of the week, Monday is 1."),
    each("year", "Year."),
  ],
};

export const EXPR_LIST: SurfaceClass = {
  name: "ExprList",
  doc: "Functions on lists, row by row.",
  members: [
    each("argMax", "The position of the largest element."),
    each("argMin", "The position of the smallest element."),
    method(
      "concat",
      "With the elements of other lists.",
      "(other: string | Expr | readonly (string | Expr)[]): Expr",
    ),
    method("contains", "Whether the element is there.", "(item: IntoExpr, nullsEqual?: boolean): Expr"),
    method("diff", "Differences between elements.", '(n?: number, nullBehavior?: "ignore" | "drop"): Expr'),
    method(
      "eval",
      "Runs an expression on the elements, which are `pl.element()`.",
      "(expression: Expr): Expr",
    ),
    each("first", "The first element."),
    method("get", "The element at a position.", "(index: number | Expr, nullOnOob?: boolean): Expr"),
    method("head", "The first elements.", "(n?: number): Expr"),
    method(
      "join",
      "The elements as one text.",
      "(separator: string): Expr",
      "(options?: { separator?: string | Expr; ignoreNulls?: boolean }): Expr",
    ),
    each("last", "The last element."),
    each("lengths", "The number of elements."),
    each("max", "The largest element."),
    each("mean", "The mean of the elements."),
    each("min", "The smallest element."),
    each("reverse", "The elements in reverse order."),
    method("shift", "Moves elements by so many places.", "(n: number): Expr"),
    method("slice", "Elements from an offset on.", "(offset: number, length: number): Expr"),
    method(
      "sort",
      "Sorts the elements.",
      "(descending?: boolean): Expr",
      "(options: { descending: boolean }): Expr",
    ),
    each("sum", "The sum of the elements."),
    method("tail", "The last elements.", "(n?: number): Expr"),
    each("unique", "Each element once."),
  ],
};

export const EXPR_STRUCT: SurfaceClass = {
  name: "ExprStruct",
  doc: "Functions on structs, row by row.",
  members: [
    method("field", "One field by name.", "(name: string): Expr"),
    each("jsonEncode", "The struct as JSON."),
    method("nth", "One field by position.", "(index: number): Expr"),
    method("renameFields", "Renames the fields.", "(names: readonly string[]): Expr"),
    method("withFields", "Adds or replaces fields.", "(fields: readonly Expr[]): Expr"),
  ],
};
