/** Where in the user's own text something is; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/**
 * Where people look for a failing call: at its name. QuickJS tells where the bracket opens, and for a call that is returned where
 * the `return` stands: there it is the last call of that name outside of brackets.
 */
export function callPlace(code: string, told: Place, failed?: string): Place {
  const lines = code.split(/(?<=\r\n|\r(?!\n)|\n)/);
  const start = lines.slice(0, told.line - 1).join("").length + told.column - 1;
  if (code[start] === "(") return placeAt(lines, nameStart(code, start));
  if (failed === undefined || !/^return\b/.test(code.slice(start))) return told;
  const call = lastCall(code, start, failed);
  return call === undefined ? told : placeAt(lines, call);
}

function nameStart(code: string, bracket: number): number {
  const name = /[\w$]+\s*$/.exec(code.slice(Math.max(0, bracket - 200), bracket));
  return name === null ? bracket : bracket - name[0].length;
}

function lastCall(code: string, start: number, name: string): number | undefined {
  let depth = 0;
  let found: number | undefined;
  for (let at = start; at < code.length; at += 1) {
    const sign = code[at] ?? "";
    if (")]}".includes(sign)) depth -= 1;
    if (depth < 0 || (depth === 0 && sign === ";")) break;
    if (depth === 0 && code.startsWith(`.${name}(`, at)) found = at + 1;
    if ("([{".includes(sign)) depth += 1;
  }
  return found;
}

function placeAt(lines: readonly string[], offset: number): Place {
  let rest = offset;
  for (const [index, line] of lines.entries()) {
    if (rest < line.length) return { line: index + 1, column: rest + 1 };
    rest -= line.length;
  }
  return { line: lines.length, column: 1 };
}
