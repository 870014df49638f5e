import { z } from "zod";

/** A data type as nodejs-polars' native side tells it. */
type TypeTold = string | { variant: string; inner: unknown[] };

const TypeTold: z.ZodType<TypeTold> = z.union([
  z.string(),
  z.object({ variant: z.string(), inner: z.array(z.unknown()) }),
]);
const Field = z.object({ name: z.string(), dtype: z.unknown() });

/** Types that a Parquet file carries into DuckDB unchanged. */
const simple = new Set(
  "Bool Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Utf8 String Binary Categorical Date Time".split(
    " ",
  ),
);

/** Advice for types that people meet. */
const advice: Record<string, string> = {
  Duration: "cast it to pl.Int64 for its ticks, or keep both ends",
  Null: "cast it to a type: .cast(pl.Int64)",
  Object: "it holds JavaScript objects",
};

/** A data type in Polars' words; `undefined` with the reason for one that cannot be stored. */
export function columnType(told: unknown): { type: string } | { unsupported: string } {
  const parsed = TypeTold.safeParse(told);
  if (!parsed.success) return { unsupported: "its type is not known here" };
  if (typeof parsed.data === "string") return named(parsed.data, parsed.data);
  const { variant, inner } = parsed.data;
  switch (variant) {
    case "Datetime":
    case "Decimal":
      return { type: `${variant}(${inner.filter((part) => part !== null && part !== "").join(", ")})` };
    case "List":
      return within(inner[0], (type) => `List(${type})`);
    case "FixedSizeList":
      return within(inner[0], (type) => `FixedSizeList(${type}, ${inner[1]})`);
    case "Struct":
      return structType(inner[0]);
    default:
      return named(variant, variant);
  }
}

function named(name: string, type: string): { type: string } | { unsupported: string } {
  if (simple.has(name)) return { type };
  return { unsupported: `${name} cannot be stored${Object.hasOwn(advice, name) ? `: ${advice[name]}` : ""}` };
}

function within(told: unknown, text: (inner: string) => string): { type: string } | { unsupported: string } {
  const inner = columnType(told);
  return "type" in inner ? { type: text(inner.type) } : inner;
}

function structType(told: unknown): { type: string } | { unsupported: string } {
  const fields = z.array(Field).safeParse(told);
  if (!fields.success) return { unsupported: "its fields are not known here" };
  const types: string[] = [];
  for (const { name, dtype } of fields.data) {
    const inner = columnType(dtype);
    if ("unsupported" in inner) return inner;
    types.push(`${name}: ${inner.type}`);
  }
  return { type: `Struct(${types.join(", ")})` };
}
