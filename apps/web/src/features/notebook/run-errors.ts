import { ErrorPlace, type JobError, TeatreeError } from "@teatree/shared/contracts/errors";
import type { RunError } from "./cell-run.ts";

/** What to do about an error, where its code alone tells. */
const ADVICE: Record<string, string> = {
  query_timeout: "Read less at a time: filter, limit, or aggregate first.",
  result_too_large: "Read fewer columns or rows, or download the result as Parquet.",
  out_of_memory: "Aggregate or filter earlier, or read fewer columns at a time.",
  statement_not_allowed: "A version cannot be changed. To change the model, set the cell's target to Submit.",
  version_not_found: "Choose another version in the cell's target.",
  base_version_stale: "The model has moved on. Look at the new version, then submit again.",
  unavailable: "Check that Teatree is running, then run the cell again.",
  manager_unavailable: "The model's manager is starting. Run the cell again in a moment.",
};

export function adviceFor(code: string): string | null {
  return ADVICE[code] ?? null;
}

/** Any error of a run on the server. */
export function errorOfServer(error: unknown): RunError {
  if (!(error instanceof TeatreeError)) return { code: "internal", message: messageOf(error) };
  return fromJobError(error.toJobError());
}

/** A failed job's error, which counts places in the statement it was submitted with. */
export function fromJobError({ code, message, line, column }: JobError): RunError {
  const suggestion = suggestionIn(message);
  return { code, message: withoutExcerpt(message), line, column, ...(suggestion ? { suggestion } : {}) };
}

/** An error of the engine in this page: only its text says where and what. */
export function errorOfEngine(error: unknown, sql: string): RunError {
  if (error instanceof TeatreeError) return errorOfServer(error);
  const message = wordsForTrap(messageOf(error));
  const place = placeIn(message, sql);
  return fromJobError({ code: "sql_error", message, ...ErrorPlace.parse(place ?? {}) });
}

/** The engine in the page breaks off with this where it misses its icu extension, and goes on with the next statement. */
function wordsForTrap(message: string): string {
  return message === "function signature mismatch"
    ? "The engine in this page has no time zones (they are an extension). Run the cell on a version instead."
    : message;
}

/**
 * Finds `LINE 2: … ^` in an error of DuckDB. It shows long lines cut on both sides, so the excerpt is looked up in the
 * statement; both numbers count from 1.
 */
export function placeIn(message: string, sql: string): { line: number; column: number } | null {
  const match = /LINE (\d+): (.*)\n( *)\^/.exec(message);
  if (!match) return null;
  const [, number = "1", excerpt = "", indent = ""] = match;
  const line = Number(number);
  const shown = excerpt.replace(/^\.\.\.|\.\.\.$/g, "");
  const cut = excerpt.startsWith("...") ? 3 : 0;
  const caret = indent.length - `LINE ${number}: `.length - cut;
  const start = (sql.split("\n")[line - 1] ?? "").indexOf(shown);
  return { line, column: Math.max(1, Math.max(0, start) + caret + 1) };
}

/** The first name DuckDB proposes for one it does not know. */
export function suggestionIn(message: string): RunError["suggestion"] | null {
  const wrong =
    /(?:column|Table with name|Function with name|Type with name|name) "?([^"\s]+?)"? (?:not found|does not exist)/i.exec(
      message,
    )?.[1];
  const right =
    /(?:Did you mean|Candidate (?:bindings|functions|Entries)):? "?(?:[^"\s]*\.)?([^"\s.,?(]+)/i.exec(
      message,
    )?.[1];
  return wrong && right && wrong !== right ? { wrong, right } : null;
}

/** The excerpt is marked in the editor, so the message does not repeat it. */
function withoutExcerpt(message: string): string {
  const said = message.replace(/\s*\n+LINE \d+:[\s\S]*$/, "").trim();
  // What could have been meant stands on a line of its own, below what is wrong.
  return said.replace(/([.!?])\s+(?=(?:Candidate|Did you mean)\b)/g, "$1\n");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
