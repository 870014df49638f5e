import { PreviewTable } from "@teatree/shared/contracts/preview";
import { z } from "zod";
import { WriterItem, WriterOutcome } from "./protocol.ts";

/** An intent to try on a file that is thrown away afterwards. */
export const PreviewCall = z.object({
  item: WriterItem,
  /** The file as it is without the intent, in staging; absent: the model is empty. */
  before: z.string().optional(),
  limits: z.object({
    sampleRows: z.int().min(0),
    /** A table with more rows than this is not compared row by row. */
    comparedRows: z.int().min(0),
    /** What all comparisons together may take. */
    compareMs: z.int().min(0),
  }),
});
export type PreviewCall = z.infer<typeof PreviewCall>;

export const PreviewAnswer = z.object({
  outcome: WriterOutcome,
  tables: z.array(PreviewTable),
  exact: z.boolean(),
});
export type PreviewAnswer = z.infer<typeof PreviewAnswer>;
