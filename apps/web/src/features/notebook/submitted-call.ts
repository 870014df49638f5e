import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { Identifier } from "@teatree/shared/contracts/ids";
import type { Cell } from "./notebook-document.ts";

export type SubmittedCall = Extract<FunctionCall, { function: "sql" | "polars" }>;

/** What a cell asks of the model when it is submitted; null while it is empty or names no table that could be written. */
export function submittedCall({ kind, source, writes }: Cell): SubmittedCall | null {
  if (source.trim() === "") return null;
  if (kind === "sql") return { function: "sql", args: { sql: source } };
  if (!isTableName(writes.into)) return null;
  return { function: "polars", args: { code: source, into: writes.into, mode: writes.mode } };
}

/** Whether a table may be called so. */
export function isTableName(name: string): boolean {
  return Identifier.safeParse(name).success && name.trim() === name;
}
