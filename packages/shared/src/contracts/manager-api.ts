import { z } from "zod";
import { JobError } from "./errors.ts";
import { FunctionCall, Params, Reads } from "./functions.ts";
import { IntentId, ModelId, QueryId, Timestamp, VersionNumber } from "./ids.ts";
import { ResultType } from "./query.ts";

/** One intent as it lies in the queue and as the dispatcher hands it to the manager. Always at most 128 KB of JSON. */
export const QueuedIntent = z.object({
  intentId: IntentId,
  modelId: ModelId,
  call: FunctionCall,
  baseVersion: VersionNumber.nullable(),
  submittedBy: z.string(),
  submittedAt: Timestamp,
});
export type QueuedIntent = z.infer<typeof QueuedIntent>;

export const BatchItem = z.object({
  /** Sequence in the stream: the order of a model's intents, with gaps, because models share the stream. */
  sequence: z.int().min(1),
  traceparent: z.string().optional(),
  intent: QueuedIntent,
});
export type BatchItem = z.infer<typeof BatchItem>;

/** `POST /batches` on the manager: apply these in order. Items at or below the position are answered as done. */
export const Batch = z.object({
  items: z.array(BatchItem).min(1),
  /** Present when the dispatcher had to start the manager for this batch. */
  managerStart: z.object({ startedAt: Timestamp, durationMs: z.number().min(0) }).optional(),
});
export type Batch = z.infer<typeof Batch>;

/** Sent when every item has its final outcome in PostgreSQL. */
export const BatchDone = z.object({
  position: z.int().min(0),
  version: z.int().min(0),
});
export type BatchDone = z.infer<typeof BatchDone>;

/** `POST /intents/{id}/cancel` on the manager. */
export const CancelAnswer = z.object({ running: z.boolean() });

/** `GET /health` on the manager. */
export const ManagerHealth = z.object({
  modelId: ModelId,
  epoch: z.int().min(1),
  version: z.int().min(0),
  idleMs: z
    .number()
    .min(0)
    .meta({ description: "Since the last batch, archive step or read ended; 0 while one runs." }),
});
export type ManagerHealth = z.infer<typeof ManagerHealth>;

/** A version's file below the versions folder, as `model_version.file` holds it. No other path is one. */
export const VersionFile = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\/v[1-9]\d{0,9}-e[1-9]\d{0,9}\.duckdb$/,
  );
export type VersionFile = z.infer<typeof VersionFile>;

/** `POST /query` on the reader; `reads` are already resolved and authorized by web. */
export const ReaderQuery = z.object({
  queryId: QueryId,
  file: VersionFile,
  sql: z.string(),
  params: Params.optional(),
  version: VersionNumber,
  limit: z.int().min(0).optional(),
  timeoutMs: z.int().min(1),
  accept: ResultType,
  reads: z
    .record(z.string(), z.object({ modelId: ModelId, version: VersionNumber, file: VersionFile }))
    .default({}),
});
export type ReaderQuery = z.infer<typeof ReaderQuery>;

/** What an internal token is good for; signed with TEATREE_SECRET (HS256), lives 60 s. */
export const TokenClaims = z.object({
  sub: ModelId,
  action: z.enum(["batch", "cancel", "query", "stop", "health", "collect", "preview"]),
});
export type TokenClaims = z.infer<typeof TokenClaims>;

/** A function's argument `reads` after its versions were fixed. */
export const ResolvedReads = z.record(
  z.string(),
  z.object({ modelId: ModelId, version: VersionNumber, file: z.string() }),
);
export type ResolvedReads = z.infer<typeof ResolvedReads>;

/** What the ledger says of an intent: kept in the DuckDB file, in the same transaction as the effect. */
export const LedgerOutcome = z.object({
  status: z.enum(["applied", "failed", "cancelled"]),
  error: JobError.optional(),
});
export type LedgerOutcome = z.infer<typeof LedgerOutcome>;

export { Reads };
