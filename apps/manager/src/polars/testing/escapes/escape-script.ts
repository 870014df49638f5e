import type { ErrorCode } from "@teatree/shared/contracts/errors";

/** A hostile script, or a mistaken one, and what it must come to. */
export interface EscapeScript {
  name: string;
  code: string;
  /** Any of these codes will do; none means that it goes through and does no harm. */
  ends: readonly ErrorCode[];
  /** What the message says. */
  says?: RegExp;
}

/** In short: name, code, what the message says. */
export type EscapeRow = [name: string, code: string, says?: RegExp];

export function escapeScripts(ends: readonly ErrorCode[], rows: readonly EscapeRow[]): EscapeScript[] {
  return rows.map(([name, code, says]) => ({ name, code, ends, ...(says && { says }) }));
}
