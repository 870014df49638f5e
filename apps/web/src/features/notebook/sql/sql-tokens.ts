import { isKeyword, isTypeWord } from "./sql-words.ts";

export type SqlTokenKind =
  | "keyword"
  | "type"
  | "function"
  | "identifier"
  | "quoted"
  | "string"
  | "number"
  | "comment"
  | "operator"
  | "space";

export type SqlToken = { kind: SqlTokenKind; from: number; to: number };

/** What a line may begin inside of: block comments (they nest in DuckDB), strings, quoted names, dollar quotes. */
export type SqlLineState =
  | { inside: "nothing" }
  | { inside: "comment"; depth: number }
  | { inside: "string" }
  | { inside: "quoted" }
  | { inside: "dollar"; tag: string };

export const LINE_START: SqlLineState = { inside: "nothing" };

const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:0x[0-9a-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)/iy;
const SPACE = /\s+/y;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** Colours and completion both read SQL through this one function, a line at a time. */
export function tokenizeLine(line: string, state: SqlLineState): { tokens: SqlToken[]; state: SqlLineState } {
  const tokens: SqlToken[] = [];
  let at = 0;
  let now = state;
  while (at < line.length) {
    const from = at;
    const step = now.inside === "nothing" ? fresh(line, at) : carryOn(line, at, now);
    at = Math.max(step.to, from + 1);
    now = step.state;
    tokens.push({ kind: step.kind, from, to: at });
  }
  return { tokens, state: now };
}

type Step = { kind: SqlTokenKind; to: number; state: SqlLineState };

function fresh(line: string, at: number): Step {
  const two = line.slice(at, at + 2);
  if (two === "--") return { kind: "comment", to: line.length, state: LINE_START };
  if (two === "/*") return blockComment(line, at + 2, 1);
  const char = line[at] ?? "";
  if (char === "'") return until(line, at + 1, "'", "string", { inside: "string" });
  if (char === '"') return until(line, at + 1, '"', "quoted", { inside: "quoted" });
  const tag = matchAt(DOLLAR, line, at);
  if (tag) return dollar(line, at + tag.length, tag);
  const space = matchAt(SPACE, line, at);
  if (space) return { kind: "space", to: at + space.length, state: LINE_START };
  const number = matchAt(NUMBER, line, at);
  if (number) return { kind: "number", to: at + number.length, state: LINE_START };
  const word = matchAt(WORD, line, at);
  if (word) return { kind: wordKind(word, line, at), to: at + word.length, state: LINE_START };
  return { kind: "operator", to: at + 1, state: LINE_START };
}

function wordKind(word: string, line: string, at: number): SqlTokenKind {
  const called = /^\s*\(/.test(line.slice(at + word.length));
  if (isKeyword(word) && line[at - 1] !== ".") {
    // left(…), replace(…) and their like are functions where they are called; IN (…) and VALUES (…) are not.
    return called && FUNCTION_TOO.has(word.toUpperCase()) ? "function" : "keyword";
  }
  if (called) return "function";
  // Columns are often called date or time: a type is what is cast to or shouted.
  const meant = line.slice(0, at).trimEnd().endsWith("::") || word === word.toUpperCase();
  return meant && isTypeWord(word) ? "type" : "identifier";
}

const FUNCTION_TOO = new Set([
  "LEFT",
  "RIGHT",
  "REPLACE",
  "FIRST",
  "LAST",
  "RANGE",
  "IF",
  "ANY_VALUE",
  "TRUNCATE",
]);

function carryOn(line: string, at: number, state: SqlLineState): Step {
  switch (state.inside) {
    case "comment":
      return blockComment(line, at, state.depth);
    case "string":
      return until(line, at, "'", "string", state);
    case "quoted":
      return until(line, at, '"', "quoted", state);
    case "dollar":
      return dollar(line, at, state.tag);
    case "nothing":
      return fresh(line, at);
  }
}

function until(line: string, from: number, mark: string, kind: SqlTokenKind, inside: SqlLineState): Step {
  let at = from;
  while (at < line.length) {
    if (line[at] !== mark) at += 1;
    else if (line[at + 1] === mark) at += 2;
    else return { kind, to: at + 1, state: LINE_START };
  }
  return { kind, to: line.length, state: inside };
}

function dollar(line: string, from: number, tag: string): Step {
  const end = line.indexOf(tag, from);
  if (end < 0) return { kind: "string", to: line.length, state: { inside: "dollar", tag } };
  return { kind: "string", to: end + tag.length, state: LINE_START };
}

function blockComment(line: string, from: number, depth: number): Step {
  let open = depth;
  let at = from;
  while (at < line.length) {
    const two = line.slice(at, at + 2);
    if (two === "/*") open += 1;
    if (two === "*/") open -= 1;
    at += two === "/*" || two === "*/" ? 2 : 1;
    if (open === 0) return { kind: "comment", to: at, state: LINE_START };
  }
  return { kind: "comment", to: line.length, state: { inside: "comment", depth: open } };
}

function matchAt(pattern: RegExp, line: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? null;
}

export type PlacedToken = SqlToken & { text: string };

/** Every token of a text but spaces, with places counted from its beginning. */
export function tokenizeSql(sql: string): PlacedToken[] {
  const placed: PlacedToken[] = [];
  let state = LINE_START;
  let start = 0;
  for (const line of sql.split("\n")) {
    const read = tokenizeLine(line, state);
    for (const { kind, from, to } of read.tokens) {
      if (kind !== "space")
        placed.push({ kind, from: start + from, to: start + to, text: line.slice(from, to) });
    }
    state = read.state;
    start += line.length + 1;
  }
  return placed;
}
