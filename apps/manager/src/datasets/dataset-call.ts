import { z } from "zod";

/** A column as the model has it. Types are in DuckDB's words. */
export const DatasetColumn = z.object({
  name: z.string(),
  type: z.string(),
  /** What the engine finds in a Parquet file that Polars wrote of the column; null: it cannot be made the same again. */
  returned: z.string().nullable(),
});
export type DatasetColumn = z.infer<typeof DatasetColumn>;

/** Writes one table of a version's file as Parquet. */
export const DatasetCall = z.object({
  /** A link to the read-only file of the version. */
  snapshot: z.string(),
  table: z.string(),
  /** Where the Parquet file goes; it is complete when the answer comes. */
  target: z.string(),
});
export type DatasetCall = z.infer<typeof DatasetCall>;

export const DatasetAnswer = z.object({ columns: z.array(DatasetColumn) });
export type DatasetAnswer = z.infer<typeof DatasetAnswer>;
