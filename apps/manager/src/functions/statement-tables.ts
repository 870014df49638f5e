import { StatementType } from "@duckdb/node-api";
import { type Piece, wordAt } from "../gate/pieces.ts";
import { tableRefs } from "../gate/table-refs.ts";
import { nameAt, objectOf } from "../gate/words.ts";
import { catalogTables } from "../writer/catalog.ts";
import { quoteName } from "../writer/engine.ts";
import type { FunctionContext } from "./context.ts";

/**
 * The model's tables that a statement wrote. What the catalog shows by itself (made, dropped, altered tables) need not be named here.
 * When the target cannot be told, all tables count as written: a table too many costs an archive file, one too few a wrong one.
 */
export async function writtenTables(
  context: FunctionContext,
  piece: Piece,
  type: StatementType,
): Promise<string[]> {
  if (type === StatementType.DROP) return [];
  const parts = targetOf(piece, type);
  if (parts === "none") return [];
  const tables = await catalogTables(context.connection);
  const name = parts && ownName(parts);
  if (name === undefined) return [...tables.keys()];
  const lower = name.toLowerCase();
  return [...tables.keys()].filter((table) => table.toLowerCase() === lower);
}

function targetOf(piece: Piece, type: StatementType): string[] | "none" | undefined {
  const { tokens } = piece;
  const object = objectOf(tokens);
  if (object) {
    if (object.kind !== "table" || object.temporary) return "none";
    return type === StatementType.CREATE || type === StatementType.ALTER ? object.name : undefined;
  }
  let depth = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind === "sign" && token.text === "(") depth += 1;
    if (token?.kind === "sign" && token.text === ")") depth -= 1;
    const word = depth === 0 ? wordAt(tokens, index) : undefined;
    const start = word === undefined ? undefined : targetStart(word, tokens, index);
    if (start !== undefined) return nameAt(tokens, start).parts;
  }
  return undefined;
}

/** The token after the words that lead to the target of INSERT, MERGE, UPDATE, DELETE and TRUNCATE. */
function targetStart(word: string, tokens: Piece["tokens"], index: number): number | undefined {
  const next = wordAt(tokens, index + 1);
  if (word === "into") return index + 1;
  if (word === "update") return next === "only" ? index + 2 : index + 1;
  if (word === "delete" && next === "from") return index + 2;
  if (word === "truncate") return next === "table" ? index + 2 : index + 1;
  return undefined;
}

/** The last part of a name that is in the live file; undefined for what we cannot tell. */
function ownName(parts: readonly string[]): string | undefined {
  return parts.at(-1);
}

/** The model's tables that a statement read, views looked through. */
export async function readTables(context: FunctionContext, piece: Piece): Promise<string[]> {
  const names = new Set<string>();
  for (const { parts } of tableRefs(piece.tokens).reads) {
    const last = parts.at(-1) ?? "";
    const known = [...context.tables.keys()].find((table) => table.toLowerCase() === last.toLowerCase());
    const own = parts.length === 1 || ["main", "model"].includes((parts[0] ?? "").toLowerCase());
    if (known !== undefined && own) names.add(known);
    else if (known === undefined && own) for (const table of throughView(context, parts)) names.add(table);
  }
  return [...names];
}

function throughView(context: FunctionContext, parts: readonly string[]): string[] {
  try {
    const name = parts.map(quoteName).join(".");
    const found = context.connection.getTableNames(`SELECT * FROM ${name}`, false);
    return [...context.tables.keys()].filter((table) => found.includes(table));
  } catch {
    // A CTE or an alias, not a view.
    return [];
  }
}
