import type { JobError } from "@teatree/shared/contracts/errors";
import type { RunError } from "../cell-run.ts";
import { fromJobError } from "../run-errors.ts";

/**
 * An error of a Polars run with its place in the code. For a column that does not exist that is where the code names it: the
 * server tells the call, or nothing where only computing found it out.
 */
export function placePolarsError(error: JobError, code: string): RunError {
  const base = withName(fromJobError(error), code);
  const wrong = base.suggestion?.wrong ?? unknownColumn(base.message);
  if (wrong === null) return base;
  const valid = validColumns(base.message);
  const right = base.suggestion?.right ?? nearest(wrong, valid);
  const suggestion = right === null ? {} : { suggestion: { wrong, right } };
  const found = placeOfString(code, wrong, base.line);
  const message =
    valid.length > 0 ? `There is no column ${wrong} here.\nColumns: ${valid.join(", ")}` : base.message;
  return { ...base, message, ...(found ?? {}), ...suggestion };
}

/** QuickJS says "not a function" and no more; which one it was stands at the place. */
function withName(error: RunError, code: string): RunError {
  const { message, line = 0, column = 1 } = error;
  if (message !== "not a function") return error;
  const name = /^[\w$]+/.exec((code.split("\n")[line - 1] ?? "").slice(column - 1))?.[0];
  return name === undefined ? error : { ...error, message: `${name} is not a function here.` };
}

/** Polars' words: `unable to find column "dely"; valid columns: ["date", "delay"]`, `not found: dely`. */
function unknownColumn(message: string): string | null {
  return (
    /unable to find column "([^"]+)"/i.exec(message)?.[1] ??
    /(?:column(?: not found)?|not found):? "?([\w ]+?)"?(?: not found)?\.?$/i.exec(message)?.[1] ??
    null
  );
}

function validColumns(message: string): string[] {
  const list = /valid columns: \[([^\]]*)\]/i.exec(message)?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
}

/** The one name that two edits at most lead to. */
function nearest(wrong: string, names: readonly string[]): string | null {
  const near = names
    .map((name) => ({ name, edits: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ edits }) => edits <= Math.min(2, Math.floor(wrong.length / 2)))
    .sort((one, other) => one.edits - other.edits);
  return near[0]?.name ?? null;
}

/** Levenshtein's: how many letters must be put in, taken out or replaced. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** Where the code quotes the name: in the given line only, or for the first time. */
function placeOfString(code: string, name: string, only?: number): { line: number; column: number } | null {
  for (const [index, text] of code.split("\n").entries()) {
    if (only !== undefined && index + 1 !== only) continue;
    const at = ['"', "'", "`"]
      .map((quote) => text.indexOf(`${quote}${name}${quote}`))
      .find((found) => found >= 0);
    if (at !== undefined) return { line: index + 1, column: at + 2 };
  }
  return null;
}
