import { z } from "zod";
import { ColumnChange, ComparedRow } from "./compare.ts";
import { JobError } from "./errors.ts";
import { FunctionCall } from "./functions.ts";
import { VersionNumber } from "./ids.ts";
import { JobResult, ResultColumn } from "./jobs.ts";

const count = z.int().min(0).nullable();

export const PreviewTable = z.object({
  table: z.string(),
  change: z.enum(["created", "dropped", "changed", "unchanged"]),
  rowsBefore: count.meta({ description: "null: the table is new." }),
  rowsAfter: count.meta({ description: "null: the table would be dropped." }),
  added: count.meta({ description: "null, as the other two: not counted, the table is too large." }),
  changed: count,
  removed: count,
  matchedBy: z.enum(["declared", "guessed", "row", "place"]).nullable().meta({
    description:
      "How a row was found again: by a key, as a whole (then none is `changed`), or by its place in the table.",
  }),
  key: z.array(z.string()).meta({ description: "Columns of the key." }),
  schemaChanges: z.array(ColumnChange),
  sample: z.object({ columns: z.array(ResultColumn), rows: z.array(ComparedRow) }),
});
export type PreviewTable = z.infer<typeof PreviewTable>;

/** What an intent would do. Nothing of it was done. */
export const Preview = z.object({
  baseVersion: z
    .int()
    .min(0)
    .meta({ description: "The version it ran on a copy of; 0: the model has none." }),
  tables: z.array(PreviewTable).meta({ description: "All tables, those it touches first." }),
  result: JobResult.optional(),
  error: JobError.optional().meta({ description: "How the job would fail; no table is touched then." }),
  statements: z.array(z.object({ kind: z.string(), line: z.int().min(1) })),
  durationMs: z.number().min(0),
  exact: z.boolean().meta({ description: "False when rows were not all counted: the tables are too large." }),
});
export type Preview = z.infer<typeof Preview>;

/** `POST /preview` on the manager. */
export const PreviewRequest = z.object({ call: FunctionCall, baseVersion: VersionNumber.nullable() });
export type PreviewRequest = z.infer<typeof PreviewRequest>;
