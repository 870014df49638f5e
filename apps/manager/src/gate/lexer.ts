import { TeatreeError } from "@teatree/shared/contracts/errors";
import { placeOf } from "./places.ts";

/** A word may be a keyword; a quoted name never is. `text` is decoded: no quotes, escapes resolved. Offsets are UTF-16. */
export type Token = {
  kind: "word" | "quoted" | "string" | "number" | "sign";
  text: string;
  start: number;
  end: number;
};

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
const WORD_PART = /[A-Za-z0-9_$\u0080-\uffff]/;
// Wider than DuckDB's own list on purpose: a space too many splits a name in two, a space too few would hide one.
const SPACE = /[\s\u00a0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/;
const NUMBER = /^[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?/;

/**
 * Splits SQL into tokens the way DuckDB's scanner does, comments left out. Where the two could differ (unicode-escaped names) the
 * text is refused, so that no name can hide from the checks. Throws `sql_error` or `statement_not_allowed`.
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const gap = skipGap(sql, at);
    if (gap > at) {
      at = gap;
      continue;
    }
    const token = nextToken(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** The end of the white space or comment that begins at `at`; `at` itself when there is none. */
function skipGap(sql: string, at: number): number {
  if (SPACE.test(sql.charAt(at))) return at + 1;
  if (sql.startsWith("--", at)) {
    const line = sql.slice(at).search(/[\n\r]/);
    return line < 0 ? sql.length : at + line;
  }
  if (!sql.startsWith("/*", at)) return at;
  let depth = 0;
  for (let i = at; i < sql.length; i += 1) {
    if (sql.startsWith("/*", i)) {
      depth += 1;
      i += 1;
    } else if (sql.startsWith("*/", i)) {
      depth -= 1;
      i += 1;
      if (depth === 0) return i + 1;
    }
  }
  throw fail(sql, at, "This comment is not closed.");
}

function nextToken(sql: string, at: number): Token {
  const char = sql.charAt(at);
  if (/[uU]/.test(char) && /^&\s*["']/.test(sql.slice(at + 1, at + 40))) {
    throw new TeatreeError(
      "statement_not_allowed",
      "Unicode-escaped names and strings (U&…) are not allowed.",
      {
        details: placeOf(sql, at),
      },
    );
  }
  if (char === "'") return quoted(sql, at, at, "'", "string", false);
  if (char === '"') return quoted(sql, at, at, '"', "quoted", false);
  if (/[eExXbBnN]/.test(char) && sql.charAt(at + 1) === "'") {
    return quoted(sql, at, at + 1, "'", "string", /[eE]/.test(char));
  }
  if (char === "$") {
    const dollar = dollarQuoted(sql, at);
    if (dollar) return dollar;
  }
  if (WORD_START.test(char)) return word(sql, at);
  const number = NUMBER.exec(sql.slice(at, at + 400))?.[0];
  if (number !== undefined) return { kind: "number", text: number, start: at, end: at + number.length };
  return { kind: "sign", text: char, start: at, end: at + 1 };
}

function word(sql: string, start: number): Token {
  let end = start + 1;
  while (end < sql.length && WORD_PART.test(sql.charAt(end)) && !SPACE.test(sql.charAt(end))) end += 1;
  return { kind: "word", text: sql.slice(start, end), start, end };
}

function quoted(
  sql: string,
  start: number,
  open: number,
  mark: string,
  kind: "string" | "quoted",
  escapes: boolean,
): Token {
  let text = "";
  for (let i = open + 1; i < sql.length; i += 1) {
    const char = sql.charAt(i);
    if (escapes && char === "\\") {
      const escaped = readEscape(sql, i);
      text += escaped.text;
      i = escaped.end - 1;
    } else if (char !== mark) {
      text += char;
    } else if (sql.charAt(i + 1) === mark) {
      text += mark;
      i += 1;
    } else {
      return { kind, text, start, end: i + 1 };
    }
  }
  throw fail(sql, start, kind === "string" ? "This text is not closed." : "This quoted name is not closed.");
}

function readEscape(sql: string, at: number): { text: string; end: number } {
  const coded = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/.exec(
    sql.slice(at, at + 12),
  );
  if (coded) {
    const hex = coded[1] ?? coded[2] ?? coded[3];
    const code = hex === undefined ? Number.parseInt(coded[4] ?? "0", 8) : Number.parseInt(hex, 16);
    const text = code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
    return { text, end: at + coded[0].length };
  }
  return { text: sql.charAt(at + 1), end: at + 2 };
}

function dollarQuoted(sql: string, start: number): Token | undefined {
  const tag = /^\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(
    sql.slice(start, start + 300),
  )?.[0];
  if (tag === undefined) return undefined;
  const close = sql.indexOf(tag, start + tag.length);
  if (close < 0) throw fail(sql, start, "This text is not closed.");
  return { kind: "string", text: sql.slice(start + tag.length, close), start, end: close + tag.length };
}

function fail(sql: string, at: number, message: string): TeatreeError {
  return new TeatreeError("sql_error", message, { details: placeOf(sql, at) });
}
