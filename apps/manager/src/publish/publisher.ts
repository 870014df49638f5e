import { IntentId, ModelId, Sha256, Timestamp } from "@teatree/shared/contracts/ids";
import { Manifest, ManifestTable } from "@teatree/shared/contracts/versions";
import { z } from "zod";

/** A live file that was checkpointed and stays so until the answer comes, and the version it shall become. */
export const PublishRequest = z.object({
  /** The writer's file; read as bytes, never opened with DuckDB. */
  liveFile: z.string(),
  /** Root of the version files. */
  versionsDir: z.string(),
  model: ModelId,
  version: z.int().min(1),
  epoch: z.int().min(1),
  parent: z
    .object({ version: z.int().min(1), manifestFile: z.string().meta({ description: "Below versionsDir." }) })
    .nullable(),
  createdAt: Timestamp,
  intents: z.array(IntentId),
  tables: z.array(ManifestTable),
  reads: Manifest.shape.reads,
  storageVersion: z.string(),
  engineVersion: z.string(),
  blockSize: z.int().min(1),
  /** Highest sequence that the ledger in the file must show. */
  ledgerHead: z.int().min(0),
});
export type PublishRequest = z.infer<typeof PublishRequest>;

export const Timed = z.object({ startedAt: Timestamp, durationMs: z.number().min(0) });
export type Timed = z.infer<typeof Timed>;

export const Published = z.object({
  /** Below versionsDir, like `manifestFile`. */
  file: z.string(),
  manifestFile: z.string(),
  bytes: z.int().min(0),
  newBytes: z.int().min(0),
  hash: Sha256,
  publish: Timed,
  verify: Timed,
});
export type Published = z.infer<typeof Published>;

/**
 * Turns a checkpointed file into the immutable files of a version, durable and verified by opening them with DuckDB in another
 * process than the writer's. Again with the same request gives the same files. Rejects with `disk_full` (nothing stays behind),
 * `crashed`, or `internal` when the copy does not hold what it should.
 */
export interface Publisher {
  publish(request: PublishRequest): Promise<Published>;
  stop(): Promise<void>;
}

/** Names of a version's files below the versions folder: the epoch keeps two managers from ever writing the same one. */
export function versionFiles(model: ModelId, version: number, epoch: number) {
  const base = `${model}/v${version}-e${epoch}`;
  return { file: `${base}.duckdb`, manifestFile: `${base}.manifest.json` };
}

/** Ends the name of what is not yet a version; swept at the next start. */
export const UNFINISHED = ".unfinished";
