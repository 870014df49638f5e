import { z } from "zod";
import { Timestamp, VersionNumber } from "./ids.ts";
import { VersionPath } from "./versions.ts";

/** Which versions a model keeps besides the current and the named ones. Both null: every one. */
export const Retention = z.strictObject({
  keepLast: z.int().min(1).max(1_000_000).nullable().meta({ description: "So many of the newest versions." }),
  keepDays: z
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .meta({ description: "Versions that were current within so many days. With both, either keeps one." }),
  graceMinutes: z.int().min(0).max(525_600).meta({
    description: "How long the bytes of a removed version stay: readers may be in the middle of it.",
  }),
});
export type Retention = z.infer<typeof Retention>;

/** A numbered version: a name must not move with the model. */
export const NumberedVersionPath = VersionPath.extend({ version: z.coerce.number().int().min(1) });

export const NameVersion = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, "no control characters"),
});
export type NameVersion = z.infer<typeof NameVersion>;

/** Bytes of removed versions that the grace period still protects. */
const Waiting = z.object({
  versions: z.int().min(0),
  bytes: z.int().min(0),
  until: Timestamp.nullable().meta({ description: "When the last of them may go." }),
});

/** What one collection did. */
export const Collected = z.object({
  removedVersions: z.array(VersionNumber),
  packsRemoved: z.int().min(0),
  packsThinned: z.int().min(0),
  archiveFilesRemoved: z.int().min(0),
  bytesFreed: z.int().min(0).meta({ description: "Of packs and archive files, each copy's once." }),
  bytesKept: z.int().min(0).meta({ description: "In the model's packs afterwards." }),
  remaining: Waiting,
});
export type Collected = z.infer<typeof Collected>;

/** How a model's stored bytes are used now. */
export const Storage = z.object({
  versions: z.int().min(0).meta({ description: "That are kept." }),
  named: z
    .array(z.object({ version: VersionNumber, name: z.string() }))
    .meta({ description: "Those among them that have a name, newest first." }),
  packs: z.object({
    bytes: z.int().min(0),
    liveBytes: z
      .int()
      .min(0)
      .meta({ description: "Kept versions of this or another model are made of them." }),
    waitingBytes: z.int().min(0).meta({ description: "Of removed versions in their grace period." }),
    deadBytes: z.int().min(0).meta({ description: "Nobody's; too little of its pack to write it anew." }),
  }),
  waiting: Waiting.omit({ bytes: true }),
  file: z
    .object({ bytes: z.int().min(0), holeBytes: z.int().min(0) })
    .nullable()
    .meta({
      description: "The current version's file and the dead space in it, which `compact` gives back.",
    }),
});
export type Storage = z.infer<typeof Storage>;
