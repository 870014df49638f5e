import { z } from "zod";

/** Identifies a goal model for ever; its name may be used in its place in every path. */
export const ModelId = z.uuid().brand("ModelId");
export type ModelId = z.infer<typeof ModelId>;

/**
 * Chosen by the client (UUIDv7 recommended, any UUID accepted). The job that people see bears the same id. Upper and
 * lower case are one id, so it is lower case from here on.
 */
export const IntentId = z.uuid().toLowerCase().brand("IntentId");
export type IntentId = z.infer<typeof IntentId>;

export const UploadId = z.uuid().toLowerCase().brand("UploadId");
export type UploadId = z.infer<typeof UploadId>;

export const NotebookId = z.uuid().toLowerCase().brand("NotebookId");
export type NotebookId = z.infer<typeof NotebookId>;

export const QueryId = z.uuid().toLowerCase().brand("QueryId");
export type QueryId = z.infer<typeof QueryId>;

/** Versions count from 1 without gaps; 0 is the empty model that nothing was published of yet. */
export const VersionNumber = z.int().min(1);
export type VersionNumber = z.infer<typeof VersionNumber>;

export const ModelName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    "starts with a letter, then lower-case letters, digits, _ or -, 63 at most",
  );
export type ModelName = z.infer<typeof ModelName>;

/** A table or column name: any text a quoted SQL identifier can hold. `_teatree` is ours. */
export const Identifier = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !name.includes("\0"), "must not contain a NUL character")
  .refine((name) => name.toLowerCase() !== "_teatree", "_teatree is reserved");

/** SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** ISO 8601 in UTC. */
export const Timestamp = z.iso.datetime();
