import { z } from "zod";
import { IntentId, ModelId, Sha256, Timestamp, VersionNumber } from "./ids.ts";
import { Column } from "./models.ts";
import { pageOf } from "./paging.ts";

export const VersionTable = z.object({
  name: z.string(),
  rows: z.int().min(0),
  rowsDelta: z.int().meta({ description: "Against the parent; a new table counts from 0." }),
  schemaHash: Sha256,
  contentHash: z.string().meta({ description: "Equal content of one table in one model has an equal hash." }),
  columns: z.array(Column),
  changed: z.boolean().meta({ description: "Written since the parent version." }),
});
export type VersionTable = z.infer<typeof VersionTable>;

export const Version = z.object({
  version: VersionNumber,
  parent: VersionNumber.nullable(),
  createdAt: Timestamp,
  intents: z.array(IntentId),
  tables: z.array(VersionTable),
  bytes: z.int().min(0),
  newBytes: z.int().min(0).meta({ description: "Bytes of blocks that were stored for it, uncompressed." }),
  packBytes: z.int().min(0).meta({
    description:
      "What it takes in the store: the blocks it brought, compressed where that pays, and its record.",
  }),
  hash: Sha256.meta({ description: "Root hash over the block hashes; see the manifest." }),
  sha256: Sha256.nullable().meta({
    description: "Of the whole file; null until computed, soon after publication.",
  }),
  storageVersion: z.string(),
  engineVersion: z.string(),
  archived: z.boolean(),
  name: z.string().nullable().meta({ description: "Given by people; a named version is never removed." }),
});
export type Version = z.infer<typeof Version>;

export const VersionPage = pageOf(Version);
export type VersionPage = z.infer<typeof VersionPage>;

export const VersionPath = z.object({
  model: z.string().min(1).max(63),
  version: z.union([z.literal("latest"), z.coerce.number().int().min(1)]),
});
export type VersionPath = z.infer<typeof VersionPath>;

/** Bytes of a snapshot that lie before the first block. */
export const HEADER_BYTES = 12_288;

export const ManifestTable = z.object({
  name: z.string(),
  rows: z.int().min(0),
  schemaHash: Sha256,
  contentHash: z.string(),
  columns: z.array(Column),
});

/**
 * What a version is made of. `hash` is SHA-256 over the text
 * `teatree-version-1\n<blockSize>\n<bytes>\n<header>\n` and one line per block, `<hash>\n` or `-\n` for a hole.
 */
export const Manifest = z.object({
  model: ModelId,
  version: VersionNumber,
  parent: VersionNumber.nullable(),
  createdAt: Timestamp,
  hash: Sha256,
  bytes: z.int().min(0),
  blockSize: z.int().min(1),
  header: Sha256,
  blocks: z.array(Sha256.nullable()).meta({ description: "In file order; null is a hole of zero bytes." }),
  intents: z.array(IntentId),
  tables: z.array(ManifestTable),
  reads: z.record(z.string(), z.object({ model: ModelId, version: VersionNumber })),
  storageVersion: z.string(),
  engineVersion: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** With `?since=m`: only the blocks that differ from version m, by index. */
export const ManifestDifference = Manifest.omit({ blocks: true }).extend({
  since: VersionNumber,
  changed: z.array(z.object({ index: z.int().min(0), hash: Sha256.nullable() })),
});
export type ManifestDifference = z.infer<typeof ManifestDifference>;

export const ManifestQuery = z.object({ since: z.coerce.number().int().min(1).optional() });

export const ArchiveFile = z.object({
  table: z.string(),
  part: z.int().min(1).meta({
    description:
      "A table is one file, unless it is large and only got rows at its end: then those are further parts. Its rows are those of all its parts, one after the other.",
  }),
  rows: z.int().min(0),
  key: z.string(),
  bytes: z.int().min(0),
  sha256: Sha256,
  fromVersion: VersionNumber.meta({
    description: "The version it was written for: what is unchanged is not written again.",
  }),
  href: z.string(),
});
export type ArchiveFile = z.infer<typeof ArchiveFile>;

export const ArchiveFileQuery = z.object({
  part: z.coerce.number().int().min(1).optional().meta({
    description:
      "Which part of a table that has several; without it such a table is 400 `invalid_arguments`.",
  }),
});

export const Archive = z.object({
  version: VersionNumber,
  archived: z.boolean(),
  files: z.array(ArchiveFile),
});
export type Archive = z.infer<typeof Archive>;
