import type { Parameter } from "@teatree/shared/polars/signature";
import type { Handles } from "./handles.ts";
import { integerLiteral } from "./literals.ts";
import { withArticle } from "./plain-message.ts";
import { markedClass } from "./polars.ts";

const MOST_NESTED = 40;

/** One argument of user code as nodejs-polars wants it. All of it is checked: the text came from user code. */
export function readArgument(wire: unknown, parameter: Parameter | undefined, handles: Handles): unknown {
  if (parameter === undefined) throw new TypeError("There are too many arguments.");
  const value = read(wire, parameter, handles, 0);
  if (parameter.only !== undefined && classOf(value) !== parameter.only) {
    const hint = parameter.only === "Expr" ? ' Write pl.col("name") or pl.lit(value).' : "";
    throw new TypeError(`${parameter.name} must be ${withArticle(parameter.only)}.${hint}`);
  }
  if (!parameter.literal) return value;
  return typeof value === "bigint" || Number.isSafeInteger(value)
    ? integerLiteral(value as number | bigint)
    : value;
}

function classOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? markedClass(value) : undefined;
}

function read(wire: unknown, parameter: Parameter, handles: Handles, depth: number): unknown {
  if (depth > MOST_NESTED) throw new RangeError("Values are nested too deeply.");
  if (!Array.isArray(wire)) {
    if (typeof wire === "object" && wire !== null) throw new TypeError("A value is not in the agreed form.");
    return wire;
  }
  const [kind, ...rest] = wire;
  const [first, second] = rest;
  switch (kind) {
    case "undefined":
      return undefined;
    case "number":
      return Number(first);
    case "bigint":
      return readBigInt(first);
    case "date":
      return readDate(first);
    case "pattern":
      return readPattern(first, second);
    case "handle":
      return readHandle(first, parameter, handles);
    case "array":
      return rest.map((item) => read(item, parameter, handles, depth + 1));
    case "record":
      return Object.fromEntries(
        rest.map((entry) => {
          if (!Array.isArray(entry) || typeof entry[0] !== "string" || entry[0] === "__proto__") {
            throw new TypeError("A value is not in the agreed form.");
          }
          return [entry[0], read(entry[1], parameter, handles, depth + 1)];
        }),
      );
    default:
      throw new TypeError("A value is not in the agreed form.");
  }
}

function readBigInt(text: unknown): bigint {
  if (typeof text !== "string" || !/^-?\d{1,20}$/.test(text))
    throw new RangeError("A bigint must fit into 64 bits.");
  return BigInt(text);
}

function readDate(milliseconds: unknown): Date {
  if (typeof milliseconds !== "number") throw new RangeError("A date is not valid.");
  return new Date(milliseconds);
}

/** A JavaScript pattern as Polars writes it, with its flags inside; it is never run as JavaScript. */
function readPattern(source: unknown, flags: unknown): string {
  if (typeof source !== "string" || typeof flags !== "string") throw new TypeError("A pattern is not valid.");
  const unknown = flags.replace(/[imsu]/g, "");
  if (unknown !== "") throw new TypeError(`Polars knows no flag ${unknown} of patterns.`);
  return flags === "" ? source : `(?${flags})${source}`;
}

function readHandle(handle: unknown, parameter: Parameter, handles: Handles): object {
  if (typeof handle !== "number") throw new TypeError("There is no such Polars object.");
  const { className, value } = handles.get(handle);
  if (!parameter.classes.has(className)) {
    const wanted = [...parameter.classes].join(" or ");
    throw new TypeError(
      `${parameter.name} cannot be ${withArticle(className)}${wanted === "" ? "" : `: give ${wanted}`}.`,
    );
  }
  return value;
}

/** A result as user code gets it; `classes` are those that the surface lets out here. */
export function writeResult(value: unknown, classes: ReadonlySet<string>, handles: Handles): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return ["number", Object.is(value, -0) ? "-0" : `${value}`];
    case "bigint":
      return ["bigint", `${value}`];
    case "object":
      return value === null ? null : writeObject(value, classes, handles);
    default:
      return ["undefined"];
  }
}

function writeObject(value: object, classes: ReadonlySet<string>, handles: Handles): unknown {
  if (value instanceof Date) return ["date", value.getTime()];
  if (Array.isArray(value)) return ["array", ...value.map((item) => writeResult(item, classes, handles))];
  const className = markedClass(value) ?? unmarkedClass(classes);
  if (className !== undefined) {
    if (!classes.has(className)) throw new TypeError(`${className} cannot be had here.`);
    return ["handle", className, handles.keep({ className, value })];
  }
  if (ArrayBuffer.isView(value)) throw new TypeError("Binary values cannot be read here: cast them.");
  return [
    "record",
    ...Object.entries(value).map(([key, inner]) => [key, writeResult(inner, classes, handles)]),
  ];
}

/** Groups and choices bear no mark; where the surface promises one of them alone, that is what it is. */
function unmarkedClass(classes: ReadonlySet<string>): string | undefined {
  const [only, ...others] = classes;
  return only === undefined || others.length > 0 || only === "DataType" ? undefined : only;
}
