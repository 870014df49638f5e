import { Sha256 } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { z } from "zod";
import { Definitions } from "./archive-record.ts";

/** What the archiver's process is asked for. A version is named by its read-only file, which need not be there. */
export const ArchiveCall = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hash"), file: VersionFile }),
  z.object({ kind: z.literal("upload"), file: VersionFile }),
  z.object({ kind: z.literal("describe"), file: VersionFile }),
  z.object({
    kind: z.literal("export"),
    file: VersionFile,
    table: z.string(),
    /** Leaves out so many rows at the beginning. */
    skip: z.int().min(0),
    /** Of the whole table. */
    rows: z.int().min(0),
    /** Where the Parquet file goes in the object store. */
    key: z.string(),
  }),
  z.object({ kind: z.literal("put"), key: z.string(), text: z.string() }),
  z.object({ kind: z.literal("release") }),
  /** Whether a call that is under way may go on; it stops between two blocks. */
  z.object({ kind: z.literal("pace"), isPaused: z.boolean() }),
]);
export type ArchiveCall = z.infer<typeof ArchiveCall>;

export const StoredFile = z.object({ bytes: z.int().min(0), sha256: Sha256 });
export type StoredFile = z.infer<typeof StoredFile>;

export const ArchiveAnswer = z.object({
  /** Of what was hashed or stored; absent when the rows to export are not the ones that were expected. */
  stored: StoredFile.optional(),
  definitions: Definitions.optional(),
});
export type ArchiveAnswer = z.infer<typeof ArchiveAnswer>;

/** What the archiver's process needs to know at its start. */
export const ArchiverSettings = z.object({
  versionsDir: z.string(),
  /** For files on their way to the object store; nothing else lies there. */
  scratchDir: z.string(),
});
export type ArchiverSettings = z.infer<typeof ArchiverSettings>;
