import { TYPE_ALIASES } from "./surface/aliases.ts";
import type { Member, SurfaceClass } from "./surface/member.ts";
import { POLARS_SURFACE } from "./surface.ts";

type Columns = readonly { name: string; type: string }[];

/**
 * Declarations for the editor: `pl`, `params`, and `tables` with the given tables and their columns. A table of another model is
 * keyed `schema.table`.
 */
export function polarsTypes(tables: Readonly<Record<string, Columns>> = {}): string {
  const aliases = Object.entries(TYPE_ALIASES).map(([name, text]) => `type ${name} = ${text};`);
  return [
    ...aliases,
    ...POLARS_SURFACE.map(declareClass),
    declareTables(tables),
    "declare const pl: Polars;",
    "declare const tables: Tables;",
    "declare const params: Record<string, any>;",
    "/** What a transform is given. */",
    "interface Given { pl: Polars; tables: Tables; params: Record<string, any> }",
    "/** A transform: `export default (({ pl, tables }) => …) satisfies Transform`. */",
    "type Transform = (given: Given) => LazyFrame | DataFrame | Promise<LazyFrame | DataFrame>;",
    "",
  ].join("\n");
}

function declareClass({ name, doc, members }: SurfaceClass): string {
  return [comment(doc), `interface ${name} {`, ...members.map(declareMember), "}"].join("\n");
}

function declareMember({ name, kind, signatures, doc }: Member): string {
  const start = kind === "property" ? `readonly ${name}: ` : name;
  return signatures.map((text) => `  ${comment(doc)}\n  ${start}${text};`).join("\n");
}

function declareTables(tables: Readonly<Record<string, Columns>>): string {
  const own: string[] = [];
  const schemas = new Map<string, string[]>();
  for (const [key, columns] of Object.entries(tables)) {
    const dot = key.indexOf(".");
    const line = `  ${comment(describe(columns))}\n  readonly ${JSON.stringify(key.slice(dot + 1))}: LazyFrame;`;
    if (dot < 0) own.push(line);
    else schemas.set(key.slice(0, dot), [...(schemas.get(key.slice(0, dot)) ?? []), line]);
  }
  const others = [...schemas].map(
    ([schema, lines]) => `  readonly ${JSON.stringify(schema)}: {\n${lines.join("\n")}\n  };`,
  );
  return ["interface Tables {", ...own, ...others, "}"].join("\n");
}

function describe(columns: Columns): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(", ");
}

/** A column may be called anything: nothing of it may end the comment. */
function comment(text: string): string {
  return `/** ${text.replaceAll("*/", "* /").replace(/\s+/g, " ")} */`;
}
