import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { tokenize } from "../gate/lexer.ts";
import { literal, quoted } from "../values/parquet-columns.ts";
import type { Definitions } from "./archive-record.ts";

/** How to make everything that users made in an attached file again, all but the rows. `folder` is for files on the way. */
export async function definitionsOf(
  connection: DuckDBConnection,
  catalog: string,
  folder: string,
): Promise<Definitions> {
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  const own = `database_name = ${literal(catalog)} AND schema_name = 'main'`;
  return {
    before: [
      ...(await rowsOf(`SELECT type_name, labels FROM duckdb_types() WHERE ${own} AND NOT internal`)).flatMap(
        enumType,
      ),
      // Its text says where it goes on.
      ...(await rowsOf(`SELECT sql FROM duckdb_sequences() WHERE ${own}`)).map(([sql]) => String(sql)),
      ...(await macros(connection, catalog, own, folder)),
    ],
    tables: await tables(rowsOf, own),
    after: [
      ...(await rowsOf(`SELECT sql FROM duckdb_indexes() WHERE ${own} AND sql IS NOT NULL`)).map(([sql]) =>
        String(sql),
      ),
      ...(await rowsOf(`SELECT sql FROM duckdb_views() WHERE ${own} AND NOT internal`)).map(([sql]) =>
        String(sql),
      ),
      ...(await comments(rowsOf, own)),
    ],
  };
}

type RowsOf = (sql: string) => Promise<unknown[][]>;

/** Columns have the types that a name stands for; only enumerations can be told by their name, too. */
function enumType([name, labels]: unknown[]): string[] {
  if (!Array.isArray(labels)) return [];
  return [
    `CREATE TYPE ${quoted(String(name))} AS ENUM (${labels.map((label) => literal(String(label))).join(", ")})`,
  ];
}

/**
 * The catalog lists macros without the defaults of their parameters, but EXPORT writes them out: so a copy without rows is exported
 * to a folder of its own.
 */
async function macros(
  connection: DuckDBConnection,
  catalog: string,
  own: string,
  folder: string,
): Promise<string[]> {
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM duckdb_functions() WHERE ${own} AND NOT internal LIMIT 1`,
  );
  if (found.currentRowCount === 0) return [];
  const target = join(folder, randomUUID());
  try {
    await connection.run("ATTACH ':memory:' AS shape");
    await connection.run(`COPY FROM DATABASE ${quoted(catalog)} TO shape (SCHEMA)`);
    await connection.run(`EXPORT DATABASE shape TO ${literal(target)}`);
    const text = await readFile(join(target, "schema.sql"), "utf8");
    return text.split(/;+\n/).filter((statement) => statement.startsWith("CREATE MACRO"));
  } catch {
    // It copies tables first, also one whose default calls a macro.
    return bareMacros(connection, own);
  } finally {
    await rm(target, { recursive: true, force: true });
    await connection.run("DETACH DATABASE IF EXISTS shape");
  }
}

async function bareMacros(connection: DuckDBConnection, own: string): Promise<string[]> {
  const found = await connection.runAndReadAll(
    `SELECT function_name, function_type, parameters, macro_definition FROM duckdb_functions()
      WHERE ${own} AND NOT internal ORDER BY function_oid`,
  );
  const bodies = new Map<string, string[]>();
  for (const [name, kind, parameters, body] of found.getRowsJson()) {
    const given = Array.isArray(parameters) ? parameters.map((each) => quoted(String(each))) : [];
    const text = `(${given.join(", ")}) AS ${kind === "table_macro" ? `TABLE ${body}` : body}`;
    bodies.set(String(name), [...(bodies.get(String(name)) ?? []), text]);
  }
  return [...bodies].map(([name, texts]) => `CREATE MACRO ${quoted(name)} ${texts.join(", ")}`);
}

async function comments(rowsOf: RowsOf, own: string): Promise<string[]> {
  const found = await rowsOf(
    `SELECT 'TABLE', table_name, NULL, comment FROM duckdb_tables() WHERE ${own} AND comment IS NOT NULL
     UNION ALL SELECT 'VIEW', view_name, NULL, comment FROM duckdb_views() WHERE ${own} AND comment IS NOT NULL
     UNION ALL SELECT 'COLUMN', table_name, column_name, comment FROM duckdb_columns() WHERE ${own} AND comment IS NOT NULL`,
  );
  return found.map(([kind, table, column, comment]) => {
    const part = column === null ? "" : `.${quoted(String(column))}`;
    return `COMMENT ON ${String(kind)} ${quoted(String(table))}${part} IS ${literal(String(comment))}`;
  });
}

async function tables(rowsOf: RowsOf, own: string): Promise<Definitions["tables"]> {
  const needs = await references(rowsOf, own);
  const selves = await selfReferences(rowsOf, own);
  const columns = await rowsOf(
    `SELECT table_name, column_name FROM duckdb_columns() WHERE ${own} ORDER BY table_name, column_index`,
  );
  const found = await rowsOf(`SELECT table_name, sql FROM duckdb_tables() WHERE ${own} ORDER BY 1`);
  const made = found.map(([table, text]) => {
    const name = String(table);
    let sql = String(text);
    // The engine's own text leaves the referenced name bare.
    for (const to of needs.get(name) ?? []) {
      sql = sql.replaceAll(` REFERENCES ${to}(`, () => ` REFERENCES ${quoted(to)}(`);
    }
    sql = withSelfReferences(sql, selves.get(name) ?? []);
    const generated = generatedColumns(sql);
    const own = columns.filter(([of]) => of === name).map(([, column]) => String(column));
    return { name, sql, stored: own.filter((column) => !generated.has(column)) };
  });
  return inOrder(
    made.map(({ name }) => name),
    needs,
  ).flatMap((name) => made.find((table) => table.name === name) ?? []);
}

/** The catalog does not say which columns are generated, but the table's own text does. */
function generatedColumns(sql: string): Set<string> {
  const generated = new Set<string>();
  let column = "";
  let depth = 0;
  let first = true;
  for (const token of tokenize(sql)) {
    if (token.kind === "sign" && "([{".includes(token.text)) {
      depth += 1;
      if (depth === 1) first = true;
      continue;
    }
    if (token.kind === "sign" && ")]}".includes(token.text)) depth -= 1;
    else if (depth === 1 && token.text === "," && token.kind === "sign") first = true;
    else if (depth === 1 && first) {
      column = token.text;
      first = false;
    } else if (depth === 1 && token.kind === "word" && token.text.toUpperCase() === "GENERATED")
      generated.add(column);
  }
  return generated;
}

/** The engine's own text leaves nothing but commas of the foreign keys by which a table refers to itself. */
function withSelfReferences(sql: string, references: readonly string[]): string {
  const open = [...references];
  let whole = "";
  let taken = 0;
  let depth = 0;
  const tokens = tokenize(sql);
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth += 1;
    if (")]}".includes(token.text)) depth -= 1;
    const next = tokens[index + 1];
    const isEmpty = depth === 1 && token.text === "," && next?.kind === "sign" && ",)".includes(next.text);
    const reference = isEmpty ? open.shift() : undefined;
    if (reference === undefined) continue;
    whole += `${sql.slice(taken, token.end)} ${reference}`;
    taken = token.end;
  }
  return whole + sql.slice(taken);
}

async function selfReferences(rowsOf: RowsOf, own: string): Promise<Map<string, string[]>> {
  const found = await rowsOf(
    `SELECT table_name, constraint_column_names, referenced_column_names FROM duckdb_constraints()
      WHERE ${own} AND constraint_type = 'FOREIGN KEY' AND referenced_table = table_name ORDER BY constraint_index`,
  );
  const texts = new Map<string, string[]>();
  for (const [table, from, to] of found) {
    const name = String(table);
    const text = `FOREIGN KEY (${listed(from)}) REFERENCES ${quoted(name)}(${listed(to)})`;
    texts.set(name, [...(texts.get(name) ?? []), text]);
  }
  return texts;
}

function listed(names: unknown): string {
  return Array.isArray(names) ? names.map((name) => quoted(String(name))).join(", ") : "";
}

/** The tables that each table refers to by foreign keys. */
async function references(rowsOf: RowsOf, own: string): Promise<Map<string, Set<string>>> {
  const found = await rowsOf(
    `SELECT table_name, referenced_table FROM duckdb_constraints() WHERE ${own} AND constraint_type = 'FOREIGN KEY'`,
  );
  const needs = new Map<string, Set<string>>();
  for (const [from, to] of found) {
    needs.set(String(from), (needs.get(String(from)) ?? new Set()).add(String(to)));
  }
  return needs;
}

function inOrder(names: readonly string[], needs: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ordered: string[] = [];
  const visit = (name: string, path: ReadonlySet<string>) => {
    if (ordered.includes(name) || path.has(name)) return;
    for (const other of needs.get(name) ?? []) visit(other, new Set([...path, name]));
    ordered.push(name);
  };
  for (const name of names) visit(name, new Set());
  return ordered;
}
