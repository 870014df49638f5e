import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { JsonValue } from "@teatree/shared/contracts/functions";
import type { CatalogTable } from "../writer/catalog.ts";
import { quoteName, quoteText } from "../writer/engine.ts";
import type { FunctionContext } from "./context.ts";
import { columnTypes } from "./rows-source.ts";
import { requireColumn } from "./table-lookup.ts";
import { wireValue } from "./value-wire.ts";
import { unwireSql, wireStructure } from "./wire-sql.ts";

/** SQL of assignments: each value checked against its column's type. Throws `invalid_arguments` naming the path. */
export async function assignmentsSql(
  context: FunctionContext,
  table: CatalogTable,
  set: Record<string, JsonValue>,
): Promise<string> {
  const literal = await literals(context, table);
  return Object.entries(set)
    .map(([name, value]) => {
      const column = requireColumn(table, name, `args.set.${name}`);
      if (value === null && !column.nullable) throw badArgument(`args.set.${name}`, "must not be null");
      return `${quoteName(column.name)} = ${literal(column.name, value, `args.set.${name}`)}`;
    })
    .join(", ");
}

/** SQL of conditions that all hold: null means IS NULL, an array any of its values, else equality. */
export async function whereSql(
  context: FunctionContext,
  table: CatalogTable,
  where: Record<string, JsonValue>,
): Promise<string> {
  const literal = await literals(context, table);
  return Object.entries(where)
    .map(([name, value]) => {
      const path = `args.where.${name}`;
      const column = requireColumn(table, name, path).name;
      if (!Array.isArray(value)) return equals(column, value, (one) => literal(column, one, path));
      const any = value.map((one, index) =>
        equals(column, one, (item) => literal(column, item, `${path}.${index}`)),
      );
      return any.length === 0 ? "false" : `(${any.join(" OR ")})`;
    })
    .join(" AND ");
}

function equals(column: string, value: JsonValue, literal: (value: JsonValue) => string): string {
  return value === null ? `${quoteName(column)} IS NULL` : `${quoteName(column)} = ${literal(value)}`;
}

async function literals(context: FunctionContext, table: CatalogTable) {
  const types = await columnTypes(context, table);
  return (column: string, value: JsonValue, path: string): string => {
    const type = types.get(column.toLowerCase());
    if (value === null || !type) return "NULL";
    const wired = wireValue(value, type);
    if ("problem" in wired) throw badArgument(path, wired.problem);
    if (typeof wired.wire === "string") return unwireSql(quoteText(wired.wire), type);
    const json = quoteText(JSON.stringify(wired.wire));
    return unwireSql(`from_json(${json}::JSON, ${quoteText(JSON.stringify(wireStructure(type)))})`, type);
  };
}

function badArgument(path: string, problem: string): TeatreeError {
  return new TeatreeError("invalid_arguments", `${path}: ${problem}.`, { details: { path } });
}
