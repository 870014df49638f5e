import { TeatreeError } from "@teatree/shared/contracts/errors";
import { type Token, tokenize } from "./lexer.ts";

/** One statement of a user's text. Offsets of its tokens count within `text`; `start` says where `text` begins in the whole. */
export type Piece = { text: string; start: number; tokens: Token[] };

/** Splits a text into its statements at top-level semicolons; empty ones are left out. */
export function splitStatements(sql: string): Piece[] {
  if (sql.includes("\0")) throw new TeatreeError("sql_error", "The text holds a NUL character.");
  const pieces: Piece[] = [];
  let current: Token[] = [];
  for (const token of tokenize(sql)) {
    if (token.kind === "sign" && token.text === ";") {
      push(sql, current, pieces);
      current = [];
    } else {
      current.push(token);
    }
  }
  push(sql, current, pieces);
  return pieces;
}

function push(sql: string, tokens: Token[], pieces: Piece[]): void {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (!first || !last) return;
  const start = first.start;
  pieces.push({
    text: sql.slice(start, last.end),
    start,
    tokens: tokens.map((token) => ({ ...token, start: token.start - start, end: token.end - start })),
  });
}

/** A keyword or plain name in lower case; undefined for anything else, quoted names included. */
export function wordAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index];
  return token?.kind === "word" ? token.text.toLowerCase() : undefined;
}

export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === "sign" && token.text === text;
}

export function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted";
}
