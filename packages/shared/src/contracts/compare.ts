import { z } from "zod";
import { Identifier, QueryId, Sha256, VersionNumber } from "./ids.ts";
import { ResultColumn } from "./jobs.ts";
import { VersionFile } from "./manager-api.ts";
import { ModelPath } from "./models.ts";

/** More rows of a kind than this are counted, but not listed. */
export const LISTED_ROWS = 100_000;

/** `{a}...{b}`: from version a to version b, both numbers. */
export const ComparePath = ModelPath.extend({
  range: z
    .string()
    .regex(/^[1-9]\d{0,9}\.\.\.[1-9]\d{0,9}$/, "must be two version numbers with three dots, such as 1...2"),
});
export type ComparePath = z.infer<typeof ComparePath>;

export const RowChange = z.enum(["added", "removed", "changed"]);
export type RowChange = z.infer<typeof RowChange>;

export const CompareQuery = z.object({
  table: Identifier.optional().meta({ description: "Also compare the rows of this table." }),
  key: z.string().min(1).max(2_000).optional().meta({
    description:
      "Columns that tell rows apart, separated by commas, or `*` for the whole row. Absent: a declared key, else a column that is unique in both versions, else the whole row.",
  }),
  change: RowChange.optional().meta({ description: "List only rows of this kind." }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional().meta({ description: "`nextCursor` of the page before." }),
});
export type CompareQuery = z.infer<typeof CompareQuery>;

export const ColumnChange = z.object({
  column: z.string(),
  change: z.enum(["added", "removed", "type", "nullable"]),
  before: z.string().optional().meta({ description: "Its type, or `NULL` or `NOT NULL`." }),
  after: z.string().optional(),
});
export type ColumnChange = z.infer<typeof ColumnChange>;

export const ComparedTable = z.object({
  name: z.string(),
  change: z.enum(["added", "removed", "changed", "unchanged"]),
  rowsBefore: z.int().min(0).nullable().meta({ description: "null: the table is new." }),
  rowsAfter: z.int().min(0).nullable().meta({ description: "null: the table is gone." }),
  schemaChanges: z.array(ColumnChange),
  sameContent: z.boolean().meta({
    description: "Nothing wrote the table in between. False does not say that a row differs.",
  }),
});
export type ComparedTable = z.infer<typeof ComparedTable>;

export const ComparedKey = z.object({
  columns: z.array(z.string()),
  how: z.enum(["declared", "guessed", "given", "row"]).meta({
    description: "`row`: whole rows are counted against each other, so none is `changed`.",
  }),
});
export type ComparedKey = z.infer<typeof ComparedKey>;

const count = z.int().min(0);

export const ComparedRow = z.object({
  change: RowChange,
  key: z.array(z.unknown()),
  before: z.array(z.unknown()).nullable().meta({ description: "In the order of `columns`." }),
  after: z.array(z.unknown()).nullable(),
  cells: z.array(z.string()).meta({ description: "Of a changed row: names of the columns that differ." }),
});
export type ComparedRow = z.infer<typeof ComparedRow>;

export const RowComparison = z.object({
  table: z.string(),
  key: ComparedKey,
  counts: z.object({ added: count, removed: count, changed: count, unchanged: count }),
  columns: z.array(ResultColumn).meta({ description: "Those after, then those that are gone." }),
  rows: z.array(ComparedRow),
  nextCursor: z
    .string()
    .nullable()
    .meta({
      description: `Counts are exact; of each kind at most ${LISTED_ROWS} rows are listed.`,
    }),
});
export type RowComparison = z.infer<typeof RowComparison>;

const end = z.object({ version: VersionNumber, hash: Sha256 });

/** Two versions of one model: its tables and, of the one that was asked for, the rows. */
export const VersionComparison = z
  .object({ model: z.string(), before: end, after: end, tables: z.array(ComparedTable) })
  .extend(RowComparison.partial().shape);
export type VersionComparison = z.infer<typeof VersionComparison>;

/** `POST /compare` on the reader. */
export const ReaderCompare = z.object({
  queryId: QueryId,
  timeoutMs: z.int().min(1),
  table: z.string(),
  before: VersionFile,
  after: VersionFile,
  /** null: the reader finds one; `*`: the whole row. */
  key: z.union([z.array(z.string()).min(1), z.literal("*")]).nullable(),
  change: RowChange.optional(),
  limit: z.int().min(1),
  offset: z.int().min(0),
});
export type ReaderCompare = z.infer<typeof ReaderCompare>;

/** What the reader answers to it: a page, and where the next one begins. */
export const ReaderComparison = RowComparison.omit({ nextCursor: true }).extend({
  nextOffset: z.int().min(0).nullable(),
});
export type ReaderComparison = z.infer<typeof ReaderComparison>;

const progress = z.number().min(0).max(1).nullable();

/** `GET /queries/{id}` on the reader: how far a running query is; null where that is not known. */
export const ReaderProgress = z.object({ progress });
export type ReaderProgress = z.infer<typeof ReaderProgress>;

/** One that is over is no error to who asks again and again: its own answer is on the way. */
export const QueryProgress = z.object({
  running: z.boolean(),
  progress: progress.meta({ description: "null where that is not known." }),
});
export type QueryProgress = z.infer<typeof QueryProgress>;
