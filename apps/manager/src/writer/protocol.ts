import { JobError } from "@teatree/shared/contracts/errors";
import { FunctionCall } from "@teatree/shared/contracts/functions";
import { IntentId, ModelId, Timestamp, UploadId } from "@teatree/shared/contracts/ids";
import { JobResult, TableChange } from "@teatree/shared/contracts/jobs";
import { Column } from "@teatree/shared/contracts/models";
import { UploadFormat } from "@teatree/shared/contracts/uploads";
import { z } from "zod";

/** An uploaded file that lies in the writer's staging folder. `filename` is what the user called it. */
export const StagedUpload = z.object({ path: z.string(), format: UploadFormat, filename: z.string() });
export type StagedUpload = z.infer<typeof StagedUpload>;

/** What a Polars function gave, as a Parquet file in the writer's staging folder. */
export const ComputedRows = z.object({
  path: z.string(),
  /** Columns of the tables that it read: a result column of the same name and kind gets the type again that the model has for it. */
  origins: z.array(z.object({ name: z.string(), type: z.string(), returned: z.string() })),
  /** Tables of the model that it read. */
  derivedFrom: z.array(z.string()),
});
export type ComputedRows = z.infer<typeof ComputedRows>;

/** One intent, with everything it needs already in the staging folder. */
export const WriterItem = z.object({
  sequence: z.int().min(1),
  intentId: IntentId,
  call: FunctionCall,
  /** Present when the outcome is known before anything runs: it is only recorded. */
  verdict: z
    .discriminatedUnion("status", [
      z.object({ status: z.enum(["failed", "cancelled"]), error: JobError }),
      z.object({ status: z.literal("applied"), result: JobResult }),
    ])
    .optional(),
  uploads: z.partialRecord(UploadId, StagedUpload).default({}),
  /** By catalog name, as the arguments' `reads` give it; `path` is a DuckDB file in staging. */
  reads: z.record(z.string(), z.object({ path: z.string() })).default({}),
  /** Only for the function polars. */
  computed: ComputedRows.optional(),
  timeoutMs: z.int().min(1),
});
export type WriterItem = z.infer<typeof WriterItem>;
/** What callers hand in: the defaults may be left out. */
export type WriterItemInput = Omit<WriterItem, "uploads" | "reads"> &
  Partial<Pick<WriterItem, "uploads" | "reads">>;

/** The final outcome of one intent, as the ledger has it. */
export const WriterOutcome = z.object({
  intentId: IntentId,
  sequence: z.int().min(1),
  status: z.enum(["applied", "failed", "cancelled"]),
  error: JobError.optional(),
  changes: z.array(TableChange),
  result: JobResult.optional(),
  /** Tables whose rows or columns were written, dropped ones included. */
  written: z.array(z.string()),
  /** Those of the written tables that only got rows at their end. The ledger does not keep it: one replayed says nothing of it. */
  appended: z.array(z.string()).optional(),
  /** Tables that the written ones were computed from. */
  derivedFrom: z.array(z.string()),
  durationMs: z.number().min(0),
  /** True when the ledger already had it and nothing ran now. */
  replayed: z.boolean(),
});
export type WriterOutcome = z.infer<typeof WriterOutcome>;

/** The row of `_teatree.version_info` that a snapshot carries as its identity. */
export const VersionInfo = z.object({
  model: ModelId,
  version: z.int().min(1),
  parent: z.int().min(1).nullable(),
  createdAt: Timestamp,
  /** Root hash of the parent version's manifest; null for the first. */
  parentHash: z.string().nullable(),
  intents: z.array(IntentId),
});
export type VersionInfo = z.infer<typeof VersionInfo>;

export const TableState = z.object({
  name: z.string(),
  rows: z.int().min(0),
  columns: z.array(Column),
  schemaHash: z.string(),
  contentHash: z.string(),
});
export type TableState = z.infer<typeof TableState>;

/** What the live file holds after a checkpoint; the write-ahead log is empty then. */
export const CheckpointedState = z.object({
  /** Highest sequence in the ledger, 0 when it is empty. */
  ledgerHead: z.int().min(0),
  tables: z.array(TableState),
  storageVersion: z.string(),
  engineVersion: z.string(),
  blockSize: z.int().min(1),
});
export type CheckpointedState = z.infer<typeof CheckpointedState>;

/** Told while an intent runs. `progress` is 0..1. */
export const WriterEvent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("log"),
    intentId: IntentId,
    at: Timestamp,
    level: z.enum(["info", "warn", "error", "sql"]),
    line: z.string(),
  }),
  z.object({
    kind: z.literal("progress"),
    intentId: IntentId,
    at: Timestamp,
    progress: z.number().min(0).max(1),
  }),
]);
export type WriterEvent = z.infer<typeof WriterEvent>;
