import { ErrorBody } from "@teatree/shared/contracts/errors";
import { ModelId } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { z } from "zod";

export const ReaderSettings = z.object({
  modelId: ModelId,
  versionsDir: z.string(),
  /** A folder for links to the files in use; whoever sees the process end removes it. */
  leasesDir: z.string(),
  /** An empty folder for results that wait; whoever sees the process end removes it. */
  scratchDir: z.string(),
  /** TEATREE_SECRET: over the channel, because arguments and environments can be seen from outside. */
  secret: z.string(),
  threads: z.int().min(1),
  memoryLimitBytes: z.int().min(1),
  resultLimitBytes: z.int().min(1),
  /** Added to the process's priority, 0–19: the writer goes first. */
  nice: z.int().min(0).max(19),
  /** 0: any free one. */
  port: z.int().min(0).max(65_535),
  logLevel: z.string(),
});
export type ReaderSettings = z.infer<typeof ReaderSettings>;

/** What the manager says to its reader process. */
export const ToReader = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("start"), settings: ReaderSettings }),
  z.object({ kind: z.literal("warm"), id: z.int(), file: VersionFile }),
  z.object({ kind: z.literal("retire"), file: VersionFile }),
  z.object({ kind: z.literal("made"), id: z.int(), failure: ErrorBody.optional() }),
  z.object({ kind: z.literal("ping") }),
]);
export type ToReader = z.infer<typeof ToReader>;

/** What the reader process says to its manager. */
export const FromReader = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), port: z.int() }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
  z.object({ kind: z.literal("warmed"), id: z.int(), failure: ErrorBody.optional() }),
  /** The file of a version is not there, or (`fresh`) is damaged; answered with `made`. */
  z.object({ kind: z.literal("want"), id: z.int(), file: VersionFile, fresh: z.boolean() }),
  /** How many queries are run or answered, whenever that changes. */
  z.object({ kind: z.literal("active"), count: z.int().min(0) }),
  z.object({ kind: z.literal("pong") }),
]);
export type FromReader = z.infer<typeof FromReader>;
