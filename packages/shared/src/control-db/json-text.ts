import { z } from "zod";

/** NUL and halves of surrogate pairs, as JSON writes them. May match more: then the slow way finds nothing to do. */
const SUSPECT = /\\u(0000|d[89a-f])/i;

/**
 * A value as text for a jsonb parameter. PostgreSQL holds neither NUL nor half of a surrogate pair in text: each becomes
 * U+FFFD here, for one such character in a job's result would keep its whole batch from ever being committed.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(storable(JSON.parse(text))) : text;
}

function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  const record = z.record(z.string(), z.unknown()).safeParse(value);
  if (!record.success) return value;
  return Object.fromEntries(
    Object.entries(record.data).map(([key, one]) => [storableText(key), storable(one)]),
  );
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
