import type { JsonValue } from "@teatree/shared/contracts/functions";
import { isIsoDate, utcTimestamp } from "./iso-time.ts";

/** What the values of one column have in common. `problem` names the first value that does not fit those before it. */
type Shape =
  | { kind: "nothing" }
  | { kind: "boolean" | "integer" | "real" | "date" | "timestamp" | "zoned" | "text" }
  | { kind: "list"; item: Shape }
  | { kind: "object"; fields: Map<string, Shape> };

export type InferredColumn = { name: string; type: string };
export type Inferred = { columns: InferredColumn[] } | { row: number; column: string; problem: string };

/**
 * DuckDB types for rows that make a new table: whole numbers BIGINT, others DOUBLE, text that is always a date or timestamp DATE or
 * TIMESTAMP (in UTC), objects STRUCT, arrays LIST, all-null VARCHAR. Rows count from 1.
 */
export function inferColumns(rows: readonly Record<string, JsonValue>[]): Inferred {
  const shapes = new Map<string, { name: string; shape: Shape }>();
  for (const [index, row] of rows.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const known = shapes.get(name.toLowerCase());
      const merged = merge(known?.shape ?? { kind: "nothing" }, shapeOf(value));
      if (typeof merged === "string") return { row: index + 1, column: name, problem: merged };
      shapes.set(name.toLowerCase(), { name: known?.name ?? name, shape: merged });
    }
  }
  return { columns: [...shapes.values()].map(({ name, shape }) => ({ name, type: typeOf(shape) })) };
}

function shapeOf(value: JsonValue): Shape {
  if (value === null) return { kind: "nothing" };
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: Number.isSafeInteger(value) ? "integer" : "real" };
  if (typeof value === "string") return { kind: textKind(value) };
  if (Array.isArray(value)) {
    let item: Shape = { kind: "nothing" };
    for (const one of value) {
      const merged = merge(item, shapeOf(one));
      // The check of the values against the type then names the row.
      if (typeof merged === "string") return { kind: "text" };
      item = merged;
    }
    return { kind: "list", item };
  }
  const fields = new Map(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
  return { kind: "object", fields };
}

function textKind(text: string): "date" | "timestamp" | "zoned" | "text" {
  if (isIsoDate(text)) return "date";
  const timestamp = utcTimestamp(text);
  if (!timestamp) return "text";
  return timestamp.zoned ? "zoned" : "timestamp";
}

const TEXTS = new Set(["date", "timestamp", "zoned", "text"]);

/** One shape for both, or what is wrong. */
function merge(one: Shape, two: Shape): Shape | string {
  if (one.kind === "nothing") return two;
  if (two.kind === "nothing") return one;
  if (one.kind === "list" && two.kind === "list") {
    const item = merge(one.item, two.item);
    return typeof item === "string" ? item : { kind: "list", item };
  }
  if (one.kind === "object" && two.kind === "object") return mergeFields(one.fields, two.fields);
  if (one.kind === two.kind) return one;
  const kinds = new Set([one.kind, two.kind]);
  if (kinds.has("integer") && kinds.has("real")) return { kind: "real" };
  // Some with a zone and some without cannot be told apart from a mistake: they stay text.
  if (TEXTS.has(one.kind) && TEXTS.has(two.kind)) return { kind: "text" };
  return `expected ${typeOf(one)} as in the rows before, got ${typeOf(two)}`;
}

function mergeFields(one: Map<string, Shape>, two: Map<string, Shape>): Shape | string {
  const fields = new Map(one);
  for (const [name, shape] of two) {
    const merged = merge(fields.get(name) ?? { kind: "nothing" }, shape);
    if (typeof merged === "string") return `field "${name}": ${merged}`;
    fields.set(name, merged);
  }
  return { kind: "object", fields };
}

function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case "boolean":
      return "BOOLEAN";
    case "integer":
      return "BIGINT";
    case "real":
      return "DOUBLE";
    case "date":
      return "DATE";
    case "timestamp":
    case "zoned":
      return "TIMESTAMP";
    case "list":
      return `${typeOf(shape.item)}[]`;
    case "object": {
      // An object without fields has no STRUCT type.
      if (shape.fields.size === 0) return "JSON";
      const fields = [...shape.fields].map(
        ([name, inner]) => `"${name.replaceAll('"', '""')}" ${typeOf(inner)}`,
      );
      return `STRUCT(${fields.join(", ")})`;
    }
    default:
      return "VARCHAR";
  }
}
