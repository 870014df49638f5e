import { type Issue, pathText } from "./issues.ts";

/** NUL or half of a surrogate pair as JSON escapes it; unescaped neither gets through a parser or a UTF-8 decoder. */
const SUSPECT = /\\u(0000|d[89a-f])/i;

/** Where a parsed body holds text that PostgreSQL cannot store; `source` is the body before it was parsed. */
export function unstorableText(source: string, body: unknown): Issue | undefined {
  return SUSPECT.test(source) ? search(body, []) : undefined;
}

function search(value: unknown, path: PropertyKey[]): Issue | undefined {
  if (typeof value === "string") return isStorable(value) ? undefined : issueAt(path);
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    if (!isStorable(key)) return issueAt(path);
    const found = search(one, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

function issueAt(path: PropertyKey[]): Issue {
  return { path: pathText(path), message: "must not contain a NUL character or half of a surrogate pair" };
}
