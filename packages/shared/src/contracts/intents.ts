import { z } from "zod";
import {
  AppendArgs,
  CompactArgs,
  DeleteArgs,
  ForkArgs,
  ImportArgs,
  PolarsArgs,
  RestoreArgs,
  SqlArgs,
  UpdateArgs,
  UpsertArgs,
} from "./functions.ts";
import { IntentId, VersionNumber } from "./ids.ts";

const common = {
  id: IntentId.optional().meta({ description: "Send the same id again and it is still one intent." }),
  baseVersion: VersionNumber.optional().meta({
    description:
      "Apply only if this is still the current version; else the job fails with base_version_stale.",
  }),
  notebookId: z.uuid().optional().meta({ description: "The notebook it was submitted from." }),
};

/** One request to run one function on one model. */
export const SubmitIntent = z.discriminatedUnion("function", [
  z.strictObject({ ...common, function: z.literal("append"), args: AppendArgs }),
  z.strictObject({ ...common, function: z.literal("upsert"), args: UpsertArgs }),
  z.strictObject({ ...common, function: z.literal("update"), args: UpdateArgs }),
  z.strictObject({ ...common, function: z.literal("delete"), args: DeleteArgs }),
  z.strictObject({ ...common, function: z.literal("import"), args: ImportArgs }),
  z.strictObject({ ...common, function: z.literal("sql"), args: SqlArgs }),
  z.strictObject({ ...common, function: z.literal("polars"), args: PolarsArgs }),
  z.strictObject({ ...common, function: z.literal("restore"), args: RestoreArgs }),
  z.strictObject({ ...common, function: z.literal("fork"), args: ForkArgs }),
  z.strictObject({ ...common, function: z.literal("compact"), args: CompactArgs }),
]);
export type SubmitIntent = z.infer<typeof SubmitIntent>;

export const SubmitIntents = z.union([SubmitIntent, z.array(SubmitIntent).min(1).max(1000)]);
export type SubmitIntents = z.infer<typeof SubmitIntents>;

export const AcceptedIntent = z.object({
  intentId: IntentId,
  jobId: IntentId,
  status: z.enum(["queued", "running", "applied", "failed", "cancelled"]),
});
export type AcceptedIntent = z.infer<typeof AcceptedIntent>;

export const AcceptedIntents = z.union([AcceptedIntent, z.array(AcceptedIntent)]);

/** Rows above this many bytes of JSON travel as an upload: a large message slows every small one behind it. */
export const INTENT_ARGS_LIMIT_BYTES = 64 * 1024;
