import { FunctionCall, type PolarsArgs } from "@teatree/shared/contracts/functions";
import type { Job } from "@teatree/shared/contracts/jobs";
import { formatNumber, plural } from "../../ui/format.ts";

/** What a job does in one line, so that runs are recognized by their arguments: `UPDATE flights SET …`, `airports, 1,000 rows`. */
export function summaryOf(job: Pick<Job, "function" | "args">): string {
  const parsed = FunctionCall.safeParse({ function: job.function, args: job.args });
  if (!parsed.success) return compact(job.args);
  const call = parsed.data;
  switch (call.function) {
    case "sql":
      return oneLine(call.args.sql);
    case "polars":
      return polarsSummary(call.args);
    case "append":
      return `${source(call.args)} to ${call.args.table}`;
    case "upsert":
      return `${source(call.args)} into ${call.args.table} by ${call.args.key.join(", ")}`;
    case "update":
      return `${call.args.table} set ${Object.keys(call.args.set).join(", ")} where ${compact(call.args.where)}`;
    case "delete":
      return `from ${call.args.table} where ${compact(call.args.where)}`;
    case "import":
      return `${{ create: "new table", replace: "replace", append: "append to" }[call.args.mode]} ${call.args.table}`;
    case "restore":
      return `version ${call.args.version}`;
    case "fork":
      return `version ${call.args.version} to ${call.args.name}`;
    case "compact":
      return "the file, without its dead space";
  }
}

/** The SQL of a job that has some. */
export function sqlOf(job: Pick<Job, "function" | "args">): string | undefined {
  const parsed = FunctionCall.safeParse({ function: job.function, args: job.args });
  return parsed.success && parsed.data.function === "sql" ? parsed.data.args.sql : undefined;
}

/** What a Polars job was given. */
export function polarsOf(job: Pick<Job, "function" | "args">): PolarsArgs | undefined {
  const parsed = FunctionCall.safeParse({ function: job.function, args: job.args });
  return parsed.success && parsed.data.function === "polars" ? parsed.data.args : undefined;
}

/** Rows a job added, changed or removed on balance, in words: `+1,000 rows`, `2 tables`. */
export function changesInWords(changes: Job["changes"]): string {
  if (changes === undefined || changes.length === 0) return "no table changed";
  const [first] = changes;
  if (changes.length > 1 || first === undefined) return `${formatNumber(changes.length)} tables changed`;
  if (first.rowsBefore === null) return `${first.table}: new, ${plural(first.rowsAfter ?? 0, "row")}`;
  if (first.rowsAfter === null) return `${first.table}: dropped`;
  const delta = first.rowsAfter - first.rowsBefore;
  if (delta === 0) return `${first.table}: rewritten`;
  return `${first.table}: ${delta > 0 ? "+" : "−"}${plural(Math.abs(delta), "row")}`;
}

function source({ rows }: { rows?: unknown[] }): string {
  return rows === undefined ? "a file" : plural(rows.length, "row");
}

/** `replace late_share: ({ pl, tables }) => …` */
function polarsSummary({ code, into, mode }: PolarsArgs): string {
  const text = oneLine(code.replace(/\/\/[^\n]*/g, " "));
  if (into === undefined) return text;
  return `${mode === "append" ? "append to" : "replace"} ${into}: ${text}`.slice(0, 300);
}

function oneLine(sql: string): string {
  return sql
    .replace(/--[^\n]*\n/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

function compact(value: unknown): string {
  return JSON.stringify(value).slice(0, 200);
}
