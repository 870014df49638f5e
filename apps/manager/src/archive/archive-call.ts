import { Sha256 } from "@teatree/shared/contracts/ids";
import { z } from "zod";

/** What the archiver's process is asked for. All paths are absolute. */
export const ArchiveCall = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("export"),
    snapshot: z.string(),
    table: z.string(),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    /** Where the Parquet file goes in the object store. */
    key: z.string(),
    /** For the file on its way, and for what DuckDB spills. */
    scratchDir: z.string(),
  }),
  z.object({ kind: z.literal("hash"), path: z.string() }),
]);
export type ArchiveCall = z.infer<typeof ArchiveCall>;

export const ArchiveAnswer = z.object({ bytes: z.int().min(0), sha256: Sha256 });
export type ArchiveAnswer = z.infer<typeof ArchiveAnswer>;
