import type { JobError } from "@teatree/shared/contracts/errors";
import type { JobResult, TableChange } from "@teatree/shared/contracts/jobs";

import type { Published } from "../publish/publisher.ts";

type Ended = {
  status: "applied" | "failed" | "cancelled";
  error?: JobError;
  changes: TableChange[];
  result?: JobResult;
};

/** Title and summary of a notification, for people: what changed, in which version. */
export function wordNotification(functionName: string, outcome: Ended, version: number | null) {
  if (outcome.status === "failed") {
    return {
      title: `${functionName} failed`,
      summary: shorten(outcome.error?.message ?? "Nothing changed."),
    };
  }
  if (outcome.status === "cancelled") {
    return { title: `${functionName} was cancelled`, summary: "Nothing changed." };
  }
  if (version === null) return { title: `${functionName} is done`, summary: wordResult(outcome.result) };
  return { title: `Version ${version}: ${functionName}`, summary: wordChanges(outcome.changes) };
}

/** The first row of a result: `model flights-copy, version 1`. */
function wordResult(result: JobResult | undefined): string {
  const [row] = result?.rows ?? [];
  return result?.columns.map(({ name }, index) => `${name} ${row?.[index]}`).join(", ") ?? "";
}

/** `flights 10 → 12 rows, airports is new with 5 rows`; the first three tables, then how many more. */
export function wordChanges(changes: TableChange[]): string {
  if (changes.length === 0) return "No table changed.";
  const words = changes.slice(0, 3).map(wordChange);
  const more = changes.length - words.length;
  return [...words, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

function wordChange({ table, rowsBefore, rowsAfter }: TableChange): string {
  if (rowsAfter === null) return `${table} was dropped`;
  if (rowsBefore === null) return `${table} is new with ${wordRows(rowsAfter)}`;
  if (rowsBefore === rowsAfter) return `${table} changed, still ${wordRows(rowsAfter)}`;
  return `${table} ${wordNumber(rowsBefore)} → ${wordRows(rowsAfter)}`;
}

function wordRows(rows: number): string {
  return `${wordNumber(rows)} ${rows === 1 ? "row" : "rows"}`;
}

export function wordNumber(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 table`, `3 tables`. */
export function wordCount(count: number, noun: string): string {
  return `${wordNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Decimal units, one digit: `273.4 kB`. */
export function wordBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** How the version came to be, for who looks into the log: what was searched, stored and written. */
export function wordPublication({ search, made, newBytes, packBytes, writtenBytes }: Published): string {
  const found = `${wordBytes(newBytes)} changed, found by ${search}`;
  return `${found}; stored in ${wordBytes(packBytes)}; file made by ${made}; ${wordBytes(writtenBytes)} written`;
}

function shorten(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
