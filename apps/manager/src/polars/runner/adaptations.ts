import { collectNow } from "./collect.ts";
import { columnOf } from "./literals.ts";
import { markedClass, pl } from "./polars.ts";

type Call = (target: object, given: readonly unknown[]) => unknown;

/** The few calls that are not handed to nodejs-polars as they are. */
const adaptations: Readonly<Record<string, Call>> = {
  "LazyFrame.collect": (frame) => collectNow(frame),
  "LazyFrame.collectSync": (frame) => collectNow(frame),
  "Polars.DataFrame": (_, [data, options]) =>
    Reflect.apply(pl.DataFrame, pl, [withColumnTypes(data, options), options]),
  "Polars.lit": (_, [value]) => (isExpression(value) ? value : pl.lit(value)),
  "Polars.Series": (_, [name, values, type]) =>
    typeof name === "string" ? makeSeries(name, values, type) : makeSeries("", name, undefined),
};

/** How a call differs from nodejs-polars' own, if it does. */
export function adaptationOf(className: string, name: string): Call | undefined {
  const key = `${className}.${name}`;
  return Object.hasOwn(adaptations, key) ? adaptations[key] : undefined;
}

/** A whole number has become an expression already. */
function isExpression(value: unknown): boolean {
  return typeof value === "object" && value !== null && markedClass(value) === "Expr";
}

function makeSeries(name: string, given: unknown, type: unknown): unknown {
  if (!Array.isArray(given)) throw new TypeError("A series is made of an array of values.");
  if (type !== undefined && type !== null) return pl.Series(name, given, type);
  const { values, type: found } = columnOf(given);
  return found === undefined
    ? pl.Series(name, values as unknown[])
    : pl.Series(name, values as unknown[], found);
}

function withColumnTypes(data: unknown, options: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const { schema, schemaOverrides } = (options ?? {}) as { schema?: object; schemaOverrides?: object };
  if (schema !== undefined) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, values]) => {
      const told = schemaOverrides !== undefined && Object.hasOwn(schemaOverrides, name);
      return [name, told || !Array.isArray(values) ? values : makeSeries(name, values, undefined)];
    }),
  );
}
