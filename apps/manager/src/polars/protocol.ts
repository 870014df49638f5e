import { ErrorBody } from "@teatree/shared/contracts/errors";
import { z } from "zod";

/** A Parquet file that user code sees as a table; of its columns those that are named, in that order. */
export const PolarsTable = z.object({ path: z.string(), columns: z.array(z.string()) });
export type PolarsTable = z.infer<typeof PolarsTable>;

/** What one run of a user's transform may use at most. */
const PolarsLimits = z.object({
  /** Wall clock for all of it, in milliseconds. */
  timeoutMs: z.int().min(1),
  /** Rows of the result. */
  rows: z.int().min(1),
  /** Bytes of the result's Parquet file. */
  bytes: z.int().min(1),
});
export type PolarsLimits = z.infer<typeof PolarsLimits>;

/** One run of a user's transform. */
export const PolarsRequest = z.object({
  /** TypeScript: an expression or a module with an `export default`. */
  code: z.string(),
  params: z.record(z.string(), z.json()),
  /** By name; tables of other models one level below, by the schema's name. */
  tables: z.record(z.string(), z.union([PolarsTable, z.record(z.string(), PolarsTable)])),
  /** Where the Parquet file of the result goes. */
  out: z.string(),
  limits: PolarsLimits,
});
export type PolarsRequest = z.infer<typeof PolarsRequest>;

/** What the child says when the result is written. */
export const ChildAnswer = z.object({
  rows: z.int(),
  /** Types in Polars' words: `Int64`, `Datetime(us)`, `List(String)`. */
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  bytes: z.int(),
  /** The tables that the code touched; `schema.table` for those of other models. */
  tablesRead: z.array(z.string()),
  durations: z.object({ planMs: z.number(), collectMs: z.number(), writeMs: z.number() }),
});
export type ChildAnswer = z.infer<typeof ChildAnswer>;

/** How far user code is kept apart: by bubblewrap, or by QuickJS, the whitelist, a cleared environment and limits alone. */
export type PolarsIsolation = "bubblewrap" | "process";

export type PolarsAnswer = Omit<ChildAnswer, "durations"> & {
  durations: ChildAnswer["durations"] & { /** Until the child was ready. */ startMs: number };
  peakRssBytes: number;
  isolation: PolarsIsolation;
};

/** From the child to the parent: first that it is ready, then how its one run ended. */
export const ChildMessage = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ answer: ChildAnswer }),
  z.object({ failure: ErrorBody }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;
