import { z } from "zod";
import { Params, Reads } from "./functions.ts";
import { QueryId, VersionNumber } from "./ids.ts";
import { ResultColumn } from "./jobs.ts";

export const ARROW_STREAM = "application/vnd.apache.arrow.stream";
export const PARQUET = "application/vnd.apache.parquet";
export const RESULT_TYPES = [ARROW_STREAM, "application/json", "text/csv", PARQUET] as const;
export const ResultType = z.enum(RESULT_TYPES);
export type ResultType = z.infer<typeof ResultType>;

/** One read-only statement on one published version. */
export const Query = z.strictObject({
  sql: z.string().min(1).max(1_000_000),
  params: Params.optional(),
  version: z.union([VersionNumber, z.literal("latest")]).optional(),
  minVersion: VersionNumber.optional().meta({
    description: "Wait a moment for this version, so that a writer reads its own write.",
  }),
  limit: z.int().min(0).max(10_000_000).optional().meta({
    description:
      "Rows at most; the answer says when there were more. Absent: all, up to the server's byte limit.",
  }),
  timeoutMs: z.int().min(1).max(600_000).optional(),
  reads: Reads.optional(),
});
export type Query = z.infer<typeof Query>;

/** 64-bit integers and decimals that a double cannot hold are strings; times are ISO 8601. */
export const QueryResultJson = z.object({
  version: VersionNumber,
  columns: z.array(ResultColumn),
  rows: z.array(z.array(z.unknown())),
  rowCount: z.int().min(0),
  truncated: z.boolean(),
});
export type QueryResultJson = z.infer<typeof QueryResultJson>;

export const QueryPath = z.object({ query: QueryId });

/** Headers of an answer in every format. Truncation travels as a trailer-free header where it is known. */
export const QUERY_HEADERS = {
  version: "teatree-version",
  queryId: "teatree-query-id",
  truncated: "teatree-truncated",
  rowCount: "teatree-row-count",
  elapsedMs: "teatree-elapsed-ms",
} as const;
