import type { ModelTable } from "@teatree/shared/contracts/models";
import { quoteName, type SqlScope, scopeAt } from "./sql-scope.ts";
import { SQL_KEYWORDS } from "./sql-words.ts";

export type CatalogTable = Pick<ModelTable, "name" | "rows" | "columns">;

/** What completion knows of a model. */
export type Catalog = { tables: readonly CatalogTable[]; functions: readonly string[] };

export type Completion = {
  kind: "column" | "table" | "alias" | "function" | "keyword";
  label: string;
  insert: string;
  /** Small text to the right: a type, a row count, the table a column is of. */
  detail: string;
  /** Lower comes first. */
  rank: number;
};

/** What can be written at `offset`: columns in scope first, then tables, functions and keywords. */
export function completionsAt(sql: string, offset: number, catalog: Catalog): Completion[] {
  const scope = scopeAt(sql, offset);
  switch (scope.place.wants) {
    case "nothing":
      return [];
    case "member":
      return columnsOfMember(scope, scope.place.of, catalog);
    case "table":
      return tableCompletions(scope, catalog);
    case "expression":
      return [
        ...columnsInScope(scope, catalog),
        ...aliasCompletions(scope),
        ...tableCompletions(scope, catalog).map((item) => ({ ...item, rank: 3 })),
        ...catalog.functions.map((name) => completion("function", name, "function", 4, `${name}`)),
        ...SQL_KEYWORDS.map((word) => completion("keyword", word, "", 5, word)),
      ];
  }
}

function columnsOfMember(scope: SqlScope, owner: string, catalog: Catalog): Completion[] {
  const table = scope.tables.find(({ alias }) => same(alias, owner))?.table ?? owner;
  const found = catalog.tables.find(({ name }) => same(name, table));
  return (found?.columns ?? []).map(({ name, type }) => completion("column", name, type.toLowerCase(), 1));
}

function columnsInScope(scope: SqlScope, catalog: Catalog): Completion[] {
  const used = catalog.tables.filter(({ name }) => scope.tables.some(({ table }) => same(table, name)));
  // With no table named yet (a statement is often written SELECT first) every column may come to be meant.
  const from = used.length > 0 ? used : catalog.tables;
  const byName = new Map<string, Completion>();
  for (const table of from) {
    for (const { name, type } of table.columns) {
      const detail = from.length > 1 ? `${type.toLowerCase()} · ${table.name}` : type.toLowerCase();
      if (!byName.has(name)) byName.set(name, completion("column", name, detail, used.length > 0 ? 1 : 2));
    }
  }
  return [...byName.values()];
}

function aliasCompletions(scope: SqlScope): Completion[] {
  return scope.tables
    .filter(({ alias, table }) => !same(alias, table))
    .map(({ alias, table }) => completion("alias", alias, table, 2));
}

function tableCompletions(scope: SqlScope, catalog: Catalog): Completion[] {
  const common = scope.commonTables.map((name) => completion("table", name, "in this statement", 1));
  const tables = catalog.tables.map(({ name, rows }) =>
    completion("table", name, `${rows.toLocaleString("en-US")} rows`, 2),
  );
  return [...common, ...tables];
}

function completion(
  kind: Completion["kind"],
  label: string,
  detail: string,
  rank: number,
  insert?: string,
): Completion {
  return { kind, label, insert: insert ?? quoteName(label), detail, rank };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
