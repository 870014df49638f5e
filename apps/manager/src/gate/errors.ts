import { type ErrorCode, TeatreeError } from "@teatree/shared/contracts/errors";
import { z } from "zod";
import { offsetOfByte, placeOf } from "./places.ts";

/** What DuckDB says with `errors_as_json`; `position` is a byte offset in the text it was given. */
const EngineError = z.object({
  exception_type: z.string(),
  exception_message: z.string(),
  position: z.coerce.number().int().min(0).optional(),
  /** What a missing entry was called. */
  name: z.string().optional(),
});

const CODES: Record<string, ErrorCode> = {
  Interrupt: "cancelled",
  INTERRUPT: "cancelled",
  "Out of Memory": "out_of_memory",
  Permission: "statement_not_allowed",
  FATAL: "internal",
  INTERNAL: "internal",
};

/**
 * One DuckDB error as a TeatreeError: `sql_error` with `line` and `column` (1-based, in the user's whole text), `out_of_memory`,
 * `disk_full`, `statement_not_allowed` (a file was named) or `internal`. No machine path is left in the message.
 * `start` is where the failing statement begins within `text`. An interrupted statement becomes `cancelled`: the caller knows
 * whether a time limit was the reason.
 */
export function sqlError(error: unknown, text?: string, start = 0): TeatreeError {
  if (error instanceof TeatreeError) return error;
  const raw = error instanceof Error ? error.message : String(error);
  const { type, message, offset, place } = readError(raw, text, start);
  const code = codeOf(type, raw);
  const found = offset === undefined || text === undefined ? place : placeOf(text, start + offset);
  return new TeatreeError(code, messageFor(code, message), {
    details: code === "sql_error" ? { ...found, kind: type } : {},
    cause: error,
  });
}

/** Whether the database refuses all further work, so that only a new process helps. */
export function isFatal(error: unknown): boolean {
  const cause = error instanceof TeatreeError && error.cause !== undefined ? error.cause : error;
  const raw = cause instanceof Error ? cause.message : "";
  return /"exception_type":"(FATAL|INTERNAL)"|^(FATAL|INTERNAL) Error|has been invalidated/.test(raw);
}

/** The engine's own words, line breaks kept and paths included: for reading them, not for showing. */
export function engineMessage(error: unknown): string {
  const cause = error instanceof TeatreeError && error.cause !== undefined ? error.cause : error;
  return readError(cause instanceof Error ? cause.message : String(cause), undefined, 0).message;
}

type ReadError = {
  type: string;
  message: string;
  offset?: number;
  place?: { line: number; column: number };
};

function readError(raw: string, text: string | undefined, start: number): ReadError {
  const brace = raw.indexOf("{");
  const parsed = brace < 0 ? undefined : EngineError.safeParse(parseJson(raw.slice(brace)));
  if (parsed?.success) {
    const { exception_type, exception_message, position, name } = parsed.data;
    const rest = text?.slice(start) ?? "";
    const offset = position === undefined ? placeOfName(rest, name) : offsetOfByte(rest, position);
    return { type: exception_type, message: exception_message, offset };
  }
  const type = /^([A-Za-z][A-Za-z ]*?) Error: /.exec(raw)?.[1];
  const message = type === undefined ? raw : raw.slice(type.length + " Error: ".length);
  return {
    type: type ?? "Unknown",
    message: message.replace(/\n\nLINE \d+: [\s\S]*$/, ""),
    place: caretPlace(raw, text, start),
  };
}

/** The engine gives no position for the target of an INSERT; without any hint the statement's beginning must do. */
function placeOfName(text: string, name: string | undefined): number {
  return name === undefined ? 0 : Math.max(0, text.toLowerCase().indexOf(name.toLowerCase()));
}

/** Line and column from `LINE n: …` and the caret below it, for engines that were opened without `errors_as_json`. */
function caretPlace(raw: string, text: string | undefined, start: number): ReadError["place"] {
  const match = /LINE (\d+): (.*)\n( *)\^/.exec(raw);
  if (!match || text === undefined) return undefined;
  const [, number, snippet = "", gap = ""] = match;
  const line = Number(number);
  const prefix = `LINE ${number}: `.length;
  const cut = snippet.startsWith("...") ? 3 : 0;
  const body = snippet.slice(cut).replace(/\.\.\.$/, "");
  const source = text.slice(start).split(/\r\n|\r|\n/)[line - 1] ?? "";
  const column = Math.max(0, source.indexOf(body)) + Math.max(0, gap.length - prefix - cut);
  const before = placeOf(text, start);
  return {
    line: before.line + line - 1,
    column: line === 1 ? before.column + column : column + 1,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(type: string, raw: string): ErrorCode {
  if (/No space left on device|ENOSPC|disk quota exceeded|Disk is full/i.test(raw)) return "disk_full";
  const code = CODES[type];
  if (code) return code;
  return type === "Unknown" ? "internal" : "sql_error";
}

function messageFor(code: ErrorCode, message: string): string {
  if (code === "cancelled") return "Stopped before it ended.";
  if (code === "disk_full") return "The disk is full.";
  if (code === "out_of_memory") {
    return "This needs more memory than the model's process may use. Work on fewer rows at once.";
  }
  if (code === "statement_not_allowed") {
    return "SQL cannot open files, folders or network addresses here. Upload the file and import it.";
  }
  const tidy = withoutPaths(message)
    .replace(/\s*\n+\s*/g, " ")
    .trim();
  return tidy.length > 1000 ? `${tidy.slice(0, 999)}…` : tidy;
}

/** A message without the machine's paths: they tell an outsider about the machine and a user nothing. */
export function withoutPaths(message: string): string {
  return message
    .replace(/(["'])(?:file:)?\/[^"'\n]*\1/g, "the file")
    .replace(/(^|[\s(=:,])\/(?:[\w.@+%-]+\/)+[\w.@+%-]*/g, "$1the file");
}
