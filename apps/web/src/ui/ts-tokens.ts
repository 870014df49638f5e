/** What a word of TypeScript is, for its colour. */
export type TsTokenKind =
  | "keyword"
  | "function"
  | "identifier"
  | "string"
  | "number"
  | "comment"
  | "operator"
  | "space";

export type TsToken = { kind: TsTokenKind; from: number; to: number };

/** What a line may begin inside of. A template's `${…}` counts as part of its text: colouring only. */
export type TsLineState = "nothing" | "comment" | "template";

const KEYWORDS = new Set(
  `abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum
  export extends false finally for from function if implements import in instanceof interface is keyof let new null number
  of readonly return satisfies static string super switch this throw true try type typeof undefined unknown var void while
  yield`.split(/\s+/),
);

const PATTERNS: readonly [TsTokenKind, RegExp][] = [
  ["space", /\s+/y],
  ["comment", /\/\/.*/y],
  ["string", /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/y],
  ["number", /(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)n?/iy],
  ["identifier", /[\p{L}_$][\p{L}\p{N}_$]*/uy],
];

/** One line's tokens, side by side without gaps, and what the next line begins inside of. Never fails. */
export function tokenizeTsLine(line: string, state: TsLineState): { tokens: TsToken[]; state: TsLineState } {
  const tokens: TsToken[] = [];
  let now = state;
  let at = 0;
  while (at < line.length) {
    const from = at;
    const step = now === "nothing" ? fresh(line, at) : carryOn(line, at, now);
    at = Math.max(step.to, from + 1);
    now = step.state;
    tokens.push({ kind: step.kind, from, to: at });
  }
  return { tokens, state: now };
}

type Step = { kind: TsTokenKind; to: number; state: TsLineState };

function fresh(line: string, at: number): Step {
  if (line.startsWith("/*", at)) return carryOn(line, at + 2, "comment");
  if (line[at] === "`") return carryOn(line, at + 1, "template");
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(line)?.[0];
    if (!text) continue;
    const to = at + text.length;
    return { kind: kind === "identifier" ? wordKind(line, at, to) : kind, to, state: "nothing" };
  }
  return { kind: "operator", to: at + 1, state: "nothing" };
}

/** To the end of a comment or template, or of the line. */
function carryOn(line: string, at: number, inside: "comment" | "template"): Step {
  const kind = inside === "comment" ? "comment" : "string";
  const end = inside === "comment" ? /\*\//g : /(?<!\\)(?:\\\\)*`/g;
  end.lastIndex = at;
  const found = end.exec(line);
  return found
    ? { kind, to: found.index + found[0].length, state: "nothing" }
    : { kind, to: line.length, state: inside };
}

/** A name that is called is a function; behind a dot no word is a keyword. */
function wordKind(line: string, from: number, to: number): TsTokenKind {
  if (line[from - 1] !== "." && KEYWORDS.has(line.slice(from, to))) return "keyword";
  return /^\s*\(/.test(line.slice(to)) ? "function" : "identifier";
}
