import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { z } from "zod";

export type Issue = { path: string; message: string };
type RawIssue = z.core.$ZodIssue;

/** Parses a part of a request; what does not fit is `invalid_arguments`, naming each path. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidArguments(parsed.error.issues.flatMap((issue) => flatten(issue, [])));
}

export function invalidArguments(issues: Issue[]): TeatreeError {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = first ? `${first.path === "" ? "" : `${first.path}: `}${first.message}${more}` : "Invalid.";
  return new TeatreeError("invalid_arguments", message, { details: { issues } });
}

/** Of a union's branches the one that got furthest is the one that was meant. */
function flatten(issue: RawIssue, above: PropertyKey[]): Issue[] {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branches = issue.errors.map((branch) => branch.flatMap((inner) => flatten(inner, path)));
    const depth = (branch: Issue[]) => Math.max(0, ...branch.map((inner) => inner.path.length));
    const [deepest] = branches.toSorted((a, b) => depth(b) - depth(a));
    const meant = deepest ?? [];
    // All branches failed at the union itself: their messages say less than its own.
    return meant.some((inner) => inner.path !== pathText(path))
      ? meant
      : [{ path: pathText(path), message: issue.message }];
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ path: pathText(path), message }));
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: pathText([...path, key]), message: "is not known here" }));
  }
  return [{ path: pathText(path), message: issue.message }];
}

/** `args.rows[0].name`. */
export function pathText(path: PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`))
    .join("");
}
