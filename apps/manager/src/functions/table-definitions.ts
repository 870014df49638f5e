import type { DuckDBConnection } from "@duckdb/node-api";
import { tokenize } from "../gate/lexer.ts";
import { quoteName, quoteText, rowsOf } from "../writer/engine.ts";

/** `stored` are the columns that hold values, generated ones left out. */
export type TableDefinition = { name: string; sql: string; stored: string[] };

/** How to make the tables of an attached catalog again, referenced ones first. */
export async function tableDefinitions(
  connection: DuckDBConnection,
  catalog: string,
): Promise<TableDefinition[]> {
  const found = await rowsOf(
    connection,
    `SELECT table_name, sql FROM system.main.duckdb_tables()
     WHERE database_name = ${quoteText(catalog)} AND schema_name = 'main'`,
  );
  const needs = await references(connection, catalog);
  const definitions = new Map<string, TableDefinition>();
  for (const [name, text] of found) {
    const table = String(name);
    let sql = String(text);
    // The engine's own text leaves the referenced name bare.
    for (const to of needs.get(table) ?? []) {
      sql = sql.replaceAll(` REFERENCES ${to}(`, () => ` REFERENCES ${quoteName(to)}(`);
    }
    const generated = generatedColumns(sql);
    const columns = await columnNames(connection, catalog, table);
    definitions.set(table, { name: table, sql, stored: columns.filter((column) => !generated.has(column)) });
  }
  return inOrder([...definitions.keys()], needs).flatMap((name) => definitions.get(name) ?? []);
}

async function columnNames(connection: DuckDBConnection, catalog: string, table: string): Promise<string[]> {
  const found = await rowsOf(
    connection,
    `SELECT column_name FROM system.main.duckdb_columns() WHERE database_name = ${quoteText(catalog)}
     AND schema_name = 'main' AND table_name = ${quoteText(table)} ORDER BY column_index`,
  );
  return found.map(([name]) => String(name));
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

/** The tables that each table refers to by foreign keys. */
async function references(connection: DuckDBConnection, catalog: string): Promise<Map<string, Set<string>>> {
  const found = await rowsOf(
    connection,
    `SELECT table_name, referenced_table FROM system.main.duckdb_constraints()
     WHERE database_name = ${quoteText(catalog)} AND constraint_type = 'FOREIGN KEY' AND schema_name = 'main'`,
  );
  const needs = new Map<string, Set<string>>();
  for (const [from, to] of found) {
    const targets = needs.get(String(from)) ?? new Set();
    needs.set(String(from), targets.add(String(to)));
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
