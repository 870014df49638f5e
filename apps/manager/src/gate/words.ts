import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Token } from "./lexer.ts";
import { isName, isSign, type Piece, wordAt } from "./pieces.ts";
import { placeOf } from "./places.ts";

export const READ_WORDS: ReadonlySet<string> = new Set(
  "select from with values table pivot unpivot pivot_wider pivot_longer describe desc show summarize".split(
    " ",
  ),
);
export const WRITE_WORDS: ReadonlySet<string> = new Set([
  ...READ_WORDS,
  ..."insert update delete merge truncate create alter drop comment".split(" "),
]);

/** First words of statements that the engine knows and we refuse. Any other word is a slip of the pen, not an attempt. */
const REFUSED_WORDS = new Set(
  `abort analyze attach begin call checkpoint commit copy deallocate detach end execute explain export force import install load
   pragma prepare reset rollback set start update use vacuum`.split(/\s+/),
);

const BETWEEN = new Set(
  "or replace temp temporary local global unlogged unique recursive if not exists on".split(" "),
);
const KINDS: Record<string, ReadonlySet<string>> = {
  create: new Set("table view macro function sequence type index".split(" ")),
  drop: new Set("table view macro function sequence type index".split(" ")),
  alter: new Set("table view sequence".split(" ")),
  comment: new Set("table view column macro function sequence type index".split(" ")),
};

/** What a CREATE, DROP, ALTER or COMMENT is about. `nameIndex` is the token of the object's name, its first part. */
export type ObjectOf = { verb: string; kind: string; temporary: boolean; nameIndex: number; name: string[] };

/** Refuses a statement whose first word, or whose kind of object, is not among the allowed ones. */
export function checkFirstWords(piece: Piece, whole: string, allowed: ReadonlySet<string>): void {
  let first = 0;
  while (isSign(piece.tokens[first], "(")) first += 1;
  const word = wordAt(piece.tokens, first);
  if (word === undefined || !allowed.has(word)) {
    const token = piece.tokens[first];
    const text = token === undefined ? "This" : (word ?? token.text).toUpperCase();
    if (token?.kind !== "word" || /^[a-z]+$/.test(word ?? "") === false) {
      throw new TeatreeError("sql_error", `A statement cannot begin with ${text}.`, {
        details: at(whole, piece, token),
      });
    }
    if (!REFUSED_WORDS.has(word ?? "") && !WRITE_WORDS.has(word ?? "")) {
      throw new TeatreeError("sql_error", `syntax error at or near "${token.text}"`, {
        details: { ...at(whole, piece, token), kind: "Parser" },
      });
    }
    throw refusal(whole, piece, token, refusedWord(text, allowed));
  }
  const kinds = KINDS[word];
  if (!kinds) return;
  const object = objectOf(piece.tokens);
  if (object && kinds.has(object.kind)) return;
  const token = piece.tokens[first];
  const kind = object?.kind.toUpperCase() ?? "";
  if (kind === "SCHEMA") {
    throw refusal(whole, piece, token, "A model has one schema, main. Name tables without a schema.");
  }
  throw refusal(whole, piece, token, `${word.toUpperCase()} ${kind} is not allowed.`);
}

function refusedWord(word: string, allowed: ReadonlySet<string>): string {
  if (!allowed.has("insert") && WRITE_WORDS.has(word.toLowerCase())) {
    return `${word} changes the model, and this only reads. Submit it as an intent.`;
  }
  return `${word} is not allowed here.`;
}

/** Reads `CREATE OR REPLACE TEMP VIEW IF NOT EXISTS a.b` and its like; undefined for other statements. */
export function objectOf(tokens: readonly Token[]): ObjectOf | undefined {
  const verb = wordAt(tokens, 0);
  if (verb === undefined || !KINDS[verb]) return undefined;
  let index = 1;
  let temporary = false;
  while (BETWEEN.has(wordAt(tokens, index) ?? "")) {
    temporary ||= ["temp", "temporary"].includes(wordAt(tokens, index) ?? "");
    index += 1;
  }
  const kind = wordAt(tokens, index);
  if (kind === undefined) return undefined;
  index += 1;
  if (kind === "macro" && wordAt(tokens, index) === "table") index += 1;
  while (["if", "not", "exists"].includes(wordAt(tokens, index) ?? "")) index += 1;
  return { verb, kind, temporary, nameIndex: index, name: nameAt(tokens, index).parts };
}

/** A dotted name that begins at a token, and the index after it. */
export function nameAt(tokens: readonly Token[], index: number): { parts: string[]; next: number } {
  const parts: string[] = [];
  let next = index;
  while (isName(tokens[next])) {
    parts.push(tokens[next]?.text ?? "");
    if (!isSign(tokens[next + 1], ".")) return { parts, next: next + 1 };
    next += 2;
  }
  return { parts, next };
}

export function refusal(
  whole: string,
  piece: Piece,
  token: Token | undefined,
  message: string,
): TeatreeError {
  return new TeatreeError("statement_not_allowed", message, { details: at(whole, piece, token) });
}

function at(whole: string, piece: Piece, token: Token | undefined) {
  return placeOf(whole, piece.start + (token?.start ?? 0));
}
