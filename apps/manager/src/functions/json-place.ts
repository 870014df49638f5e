/** One token of JSON, or the quote that begins a string, at the sticky position; what it does not match begins an error. */
const TOKEN = /[{}[\],:"]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\r\n]*/y;

type Expected = "value" | "first value" | "key" | "first key" | ":" | ", or end" | "document";

/**
 * Offset of the first thing in a text that is no JSON, where documents may follow each other; undefined when all is well.
 * The runtime's own parser tells no position in short texts.
 */
export function firstJsonError(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = "document";
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    if (at >= text.length) return expected === "document" && open.length === 0 ? undefined : text.length;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    const end = token === '"' ? endOfString(text, at) : at + token.length;
    const next: Expected | undefined = end === undefined ? undefined : after(token, expected, open);
    if (end === undefined || next === undefined) return at;
    expected = next;
    at = end;
  }
}

/** A loop, not a pattern: strings may be longer than a pattern's stack. */
function endOfString(text: string, start: number): number | undefined {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) at += 1;
    else {
      ESCAPE.lastIndex = at;
      const escaped = ESCAPE.exec(text)?.[0];
      if (escaped === undefined) return undefined;
      at += escaped.length;
    }
  }
  return undefined;
}

/** What may follow the token, or undefined when it may not stand here itself. Keeps `open` up to date. */
function after(token: string, expected: Expected, open: string[]): Expected | undefined {
  if (expected === ":") return token === ":" ? "value" : undefined;
  if (expected === ", or end" && token === ",") return open.at(-1) === "{" ? "key" : "value";
  if (token === "}" || token === "]") {
    const empty = expected === (token === "}" ? "first key" : "first value");
    if (!empty && expected !== ", or end") return undefined;
    if (open.pop() !== (token === "}" ? "{" : "[")) return undefined;
    return ended(open);
  }
  if (expected === "key" || expected === "first key") return token.startsWith('"') ? ":" : undefined;
  if (expected === ", or end" || token === ":" || token === ",") return undefined;
  if (token !== "{" && token !== "[") return ended(open);
  open.push(token);
  return token === "{" ? "first key" : "first value";
}

function ended(open: readonly string[]): Expected {
  return open.length === 0 ? "document" : ", or end";
}
