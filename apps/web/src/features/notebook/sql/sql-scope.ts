import { type PlacedToken, tokenizeSql } from "./sql-tokens.ts";

/** A table as the statement names it, under the name its columns can be written with. */
export type ScopeTable = { table: string; alias: string };

export type CompletionPlace =
  /** After FROM, JOIN, INTO, UPDATE, TABLE: a table is named. */
  | { wants: "table" }
  /** After `name.`: a column of that table or alias. */
  | { wants: "member"; of: string }
  | { wants: "expression" }
  | { wants: "nothing" };

export type SqlScope = { place: CompletionPlace; tables: ScopeTable[]; commonTables: string[] };

const TABLE_BEFORE = new Set(["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "DESCRIBE", "SUMMARIZE", "VIEW"]);

/** What can be written at `offset` of the text, from the statement round it alone; the statement need not be complete. */
export function scopeAt(sql: string, offset: number): SqlScope {
  const all = tokenizeSql(sql);
  const statement = statementAround(all, offset);
  return {
    place: placeAt(statement, offset),
    tables: tablesOf(statement),
    commonTables: commonTablesOf(statement),
  };
}

function statementAround(tokens: PlacedToken[], offset: number): PlacedToken[] {
  const isEnd = (token: PlacedToken) => token.kind === "operator" && token.text === ";";
  const before = tokens.findLastIndex((token) => isEnd(token) && token.to <= offset);
  const after = tokens.findIndex((token, at) => at > before && isEnd(token) && token.from >= offset);
  return tokens.slice(before + 1, after < 0 ? undefined : after);
}

function placeAt(tokens: PlacedToken[], offset: number): CompletionPlace {
  const inside = tokens.find((token) => token.from < offset && offset < token.to);
  if (inside?.kind === "comment" || inside?.kind === "string") return { wants: "nothing" };
  const before = tokens.filter((token) => token.from < offset && token.kind !== "comment");
  // The word being written is not what comes before it.
  if (isName(before.at(-1)) && (before.at(-1)?.to ?? 0) >= offset) before.pop();
  const last = before.at(-1);
  if (last?.text === ".") {
    const owner = before.at(-2);
    return isName(owner) ? { wants: "member", of: nameOf(owner) } : { wants: "nothing" };
  }
  if (last && TABLE_BEFORE.has(last.text.toUpperCase())) return { wants: "table" };
  if (last?.text === "," && inTableList(before)) return { wants: "table" };
  return { wants: "expression" };
}

/** Whether a comma continues `FROM a, b`: the nearest clause word on this level is FROM or JOIN. */
function inTableList(before: PlacedToken[]): boolean {
  let depth = 0;
  for (const token of before.toReversed()) {
    if (token.text === ")") depth += 1;
    if (token.text === "(") depth -= 1;
    if (depth < 0) return false;
    if (depth > 0 || token.kind !== "keyword") continue;
    const word = token.text.toUpperCase();
    if (word === "FROM" || word === "JOIN") return true;
    if (word !== "AS") return false;
  }
  return false;
}

function tablesOf(tokens: PlacedToken[]): ScopeTable[] {
  const tables: ScopeTable[] = [];
  tokens.forEach((token, at) => {
    const word = token.text.toUpperCase();
    const begins = token.kind === "keyword" && TABLE_BEFORE.has(word);
    if (!begins && !(token.text === "," && inTableList(tokens.slice(0, at)))) return;
    const named = readTable(tokens, at + 1);
    if (named) tables.push(named);
  });
  return tables;
}

function readTable(tokens: PlacedToken[], from: number): ScopeTable | null {
  let at = from;
  let name = tokens[at];
  if (!isName(name)) return null;
  while (tokens[at + 1]?.text === "." && isName(tokens[at + 2])) {
    at += 2;
    name = tokens[at];
  }
  if (!isName(name)) return null;
  const table = nameOf(name);
  const skip = tokens[at + 1]?.text.toUpperCase() === "AS" ? 2 : 1;
  const alias = tokens[at + skip];
  return { table, alias: isName(alias) ? nameOf(alias) : table };
}

function commonTablesOf(tokens: PlacedToken[]): string[] {
  if (!tokens.some((token) => token.text.toUpperCase() === "WITH")) return [];
  return tokens.flatMap((token, at) => {
    const isHead = tokens[at + 1]?.text.toUpperCase() === "AS" && tokens[at + 2]?.text === "(";
    return isHead && isName(token) ? [nameOf(token)] : [];
  });
}

function isName(token: PlacedToken | undefined): token is PlacedToken {
  return token !== undefined && ["identifier", "quoted", "type", "function"].includes(token.kind);
}

function nameOf(token: PlacedToken): string {
  return token.kind === "quoted" ? token.text.slice(1, -1).replaceAll('""', '"') : token.text;
}

/** The name as SQL text: quoted only where it must be. */
export function quoteName(name: string): string {
  const [token, more] = tokenizeSql(name);
  const plain = token?.kind === "identifier" && more === undefined && /^[a-z_][a-z0-9_]*$/.test(name);
  return plain ? name : `"${name.replaceAll('"', '""')}"`;
}
