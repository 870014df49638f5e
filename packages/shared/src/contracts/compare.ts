import { z } from "zod";
import { Sha256, Timestamp, VersionNumber } from "./ids.ts";
import { ResultColumn } from "./jobs.ts";
import { SampleRow } from "./preview.ts";
import { SchemaChange } from "./schema-changes.ts";

const VERSION = String.raw`([1-9]\d{0,8}|latest)`;
const RANGE = new RegExp(`^${VERSION}\\.\\.\\.${VERSION}$`);

export const ComparePath = z.object({
  model: z.string().min(1).max(63),
  range: z.string().regex(RANGE, "is not two versions, as in 41...42 or 41...latest"),
});
export type ComparePath = z.infer<typeof ComparePath>;

export type Range = { before: number | "latest"; after: number | "latest" };

/** `41...42` as its two versions; undefined when it is not a range. */
export function parseRange(range: string): Range | undefined {
  const [, before, after] = RANGE.exec(range) ?? [];
  if (before === undefined || after === undefined) return undefined;
  const number = (version: string) => (version === "latest" ? version : Number(version));
  return { before: number(before), after: number(after) };
}

export const RowChange = z.enum(["added", "removed", "changed"]);
export type RowChange = z.infer<typeof RowChange>;

/** For `key`: no columns, the whole row says which row it is. */
export const WHOLE_ROW = "*";

export const CompareQuery = z.object({
  table: z.string().min(1).max(255).optional().meta({
    description: "Compare the rows of this table. Absent: schema and row counts of all tables, at once.",
  }),
  key: z.string().min(1).max(10_000).optional().meta({
    description:
      "Columns that say which row is which, as in `id` or `year,code`; a name with a comma or a quote stands in double quotes. `*`: whole rows. Absent: the declared key, else a guessed one, else whole rows.",
  }),
  change: RowChange.optional().meta({ description: "Only rows that were added, removed or changed." }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional().meta({ description: "`nextCursor` of the page before." }),
});
export type CompareQuery = z.infer<typeof CompareQuery>;

const ComparedVersion = z.object({ version: VersionNumber, hash: Sha256, createdAt: Timestamp });

export const ComparedTable = z.object({
  name: z.string(),
  change: z.enum(["added", "removed", "changed", "unchanged"]),
  rowsBefore: z.int().min(0).nullable().meta({ description: "null: the table is new." }),
  rowsAfter: z.int().min(0).nullable().meta({ description: "null: the table is gone." }),
  sameContent: z.boolean().meta({ description: "Nothing wrote it between the two: its rows are equal." }),
  schemaChanges: z.array(SchemaChange),
});
export type ComparedTable = z.infer<typeof ComparedTable>;

export const Comparison = z.object({
  before: ComparedVersion,
  after: ComparedVersion,
  tables: z.array(ComparedTable).meta({ description: "Of both versions, by name." }),
});
export type Comparison = z.infer<typeof Comparison>;

export const ComparisonKey = z.object({
  columns: z.array(z.string()),
  how: z.enum(["declared", "guessed", "given", "row"]).meta({
    description: "`row`: no key; equal rows were set against each other, so no row is `changed`.",
  }),
});
export type ComparisonKey = z.infer<typeof ComparisonKey>;

export const RowCounts = z.object({
  added: z.int().min(0),
  removed: z.int().min(0),
  changed: z.int().min(0),
  unchanged: z.int().min(0),
});
export type RowCounts = z.infer<typeof RowCounts>;

export const TableComparison = z.object({
  before: ComparedVersion,
  after: ComparedVersion,
  table: ComparedTable,
  key: ComparisonKey.nullable().meta({ description: "null: there was no need to compare rows." }),
  counts: RowCounts,
  columns: z.array(ResultColumn).meta({ description: "Those after, then those that are gone." }),
  rows: z.array(SampleRow).meta({ description: "In the order of the table." }),
  nextCursor: z.string().nullable(),
});
export type TableComparison = z.infer<typeof TableComparison>;

/** The columns of a `key`. Throws nothing: what is no column is found out where the columns are known. */
export function parseKey(text: string): string[] {
  const columns = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? "",
  );
  return columns.filter((column) => column !== "");
}

/** The text of a `key` that `parseKey` reads. */
export function keyText(columns: readonly string[]): string {
  return columns
    .map((column) =>
      /[",*]|^\s|\s$/.test(column) || column === "" ? `"${column.replaceAll('"', '""')}"` : column,
    )
    .join(",");
}
