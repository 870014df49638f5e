import { IntentId, ModelId, Sha256, Timestamp } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { Manifest, ManifestTable } from "@teatree/shared/contracts/versions";
import { z } from "zod";

const PackRef = z.object({ model: ModelId, version: z.int().min(1), epoch: z.int().min(1) });

/** A live file that was checkpointed and stays so until the answer comes, and the version it shall become. */
export const PublishRequest = z.object({
  /** The writer's file; read as bytes, never opened with DuckDB. */
  liveFile: z.string(),
  model: ModelId,
  version: z.int().min(1),
  epoch: z.int().min(1),
  /** The version before; null for the first. */
  parent: z.int().min(1).nullable(),
  /** The version whose blocks the live file was made from: mostly the parent, another after a restore or in a fork. */
  base: PackRef.nullable(),
  /** Versions whose files readers are likely to want; their files are left alone. */
  keep: z.array(PackRef),
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
  /** The read-only file, below the versions folder. */
  file: VersionFile,
  /** The key of its pack. */
  pack: z.string(),
  bytes: z.int().min(0),
  /** Of the blocks and the header that the version brought, before they were compressed. */
  newBytes: z.int().min(0),
  /** Length of the pack: what the version takes in the store. */
  packBytes: z.int().min(0),
  /** All that was written to make it visible: the pack, and what the read-only file did not have. */
  writtenBytes: z.int().min(0),
  /** Models whose packs the version names. */
  owners: z.array(ModelId),
  hash: Sha256,
  search: z.enum(["free list", "checksums", "every block"]),
  made: z.enum(["reflink", "patch", "copy"]),
  publish: Timed,
  verify: Timed,
});
export type Published = z.infer<typeof Published>;

/** What the publisher's process is asked for. */
export const PublisherCall = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("publish"), request: PublishRequest }),
  z.object({ kind: z.literal("ensure"), file: VersionFile, keep: z.array(PackRef), fresh: z.boolean() }),
  z.object({
    kind: z.literal("write"),
    file: VersionFile,
    path: z.string(),
    from: VersionFile.optional(),
  }),
  z.object({ kind: z.literal("forget"), packs: z.array(PackRef) }),
]);
export type PublisherCall = z.infer<typeof PublisherCall>;

export const PublisherAnswer = z.object({ published: Published.optional() });
export type PublisherAnswer = z.infer<typeof PublisherAnswer>;

/** What the publisher's process needs to know at its start. */
export const PublisherSettings = z.object({
  versionsDir: z.string(),
  /** Every how many publications all blocks are hashed to check the search; 0 is never, 1 makes a miss an error. */
  selfCheckEvery: z.int().min(0),
});
export type PublisherSettings = z.infer<typeof PublisherSettings>;

/**
 * Turns a checkpointed file into an immutable version: its changed blocks in a pack, and a read-only file that DuckDB opened in
 * another process than the writer's. Both are durable when it answers.
 */
export interface Publisher {
  /**
   * Again with the same request gives an equal version. Rejects with `disk_full` (nothing stays behind), `crashed`, or `internal`
   * when the result does not hold what it should.
   */
  publish(request: PublishRequest): Promise<Published>;
  /**
   * Sees to it that the file of a published version, of this model or another, lies below the versions folder; `fresh`: that it
   * is made anew, because the one that is there is damaged. `keep` are files to leave alone. Rejects with `block_damaged`,
   * `disk_full`.
   */
  ensure(file: VersionFile, options: { keep: z.infer<typeof PackRef>[]; fresh: boolean }): Promise<void>;
  /**
   * Writes a published version's bytes to a private file. One that is known to hold the version `from` only gets what differs.
   * Rejects as {@link Publisher.ensure} does.
   */
  write(file: VersionFile, path: string, from?: VersionFile): Promise<void>;
  /** Says that packs were thinned or removed. */
  forget(packs: z.infer<typeof PackRef>[]): Promise<void>;
  stop(): Promise<void>;
}
