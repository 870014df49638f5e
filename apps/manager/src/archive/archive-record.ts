import { IntentId, ModelId, Sha256, Timestamp } from "@teatree/shared/contracts/ids";
import { Column } from "@teatree/shared/contracts/models";
import { z } from "zod";

/** How to make what is in a snapshot again, all but the rows. Each text is one statement of DuckDB. */
export const Definitions = z.object({
  /** Types, sequences and macros: tables may need them. A macro may need a table, too. */
  before: z.array(z.string()),
  /** In an order in which each may refer to those before it. */
  tables: z.array(
    z.object({
      name: z.string(),
      sql: z.string(),
      /** Columns that hold values: generated ones are computed again. */
      stored: z.array(z.string()),
    }),
  ),
  /** Indexes, views and comments; they may need each other. */
  after: z.array(z.string()),
});
export type Definitions = z.infer<typeof Definitions>;

const Part = z.object({ key: z.string(), rows: z.int().min(0), bytes: z.int().min(0), sha256: Sha256 });

/** What lies beside the Parquet files of a version: with it and them the version can be rebuilt. */
export const ArchiveRecord = z.object({
  format: z.literal(1),
  model: ModelId,
  version: z.int().min(1),
  epoch: z.int().min(1),
  parent: z.int().min(1).nullable(),
  createdAt: Timestamp,
  intents: z.array(IntentId),
  /** Of the snapshot: root hash, length, and the SHA-256 of its bytes. */
  hash: z.string(),
  bytes: z.int().min(0),
  sha256: Sha256.nullable(),
  storageVersion: z.string(),
  engineVersion: z.string(),
  before: Definitions.shape.before,
  /** In the order in which they can be made. The rows of a table are those of its parts, one after the other. */
  tables: z.array(
    Definitions.shape.tables.element.extend({
      columns: z.array(Column),
      rows: z.int().min(0),
      schemaHash: z.string(),
      contentHash: z.string(),
      parts: z.array(Part),
    }),
  ),
  after: Definitions.shape.after,
});
export type ArchiveRecord = z.infer<typeof ArchiveRecord>;
