import { z } from "zod";
import { Sha256, UploadId } from "./ids.ts";

export const UPLOAD_FORMATS = ["csv", "parquet", "json", "ndjson", "arrow"] as const;
export const UploadFormat = z.enum(UPLOAD_FORMATS);
export type UploadFormat = z.infer<typeof UploadFormat>;

export const UploadQuery = z.object({
  filename: z.string().min(1).max(255).optional().meta({ description: "Its ending names the format." }),
});

export const Upload = z.object({
  uploadId: UploadId,
  filename: z.string(),
  bytes: z.int().min(0),
  sha256: Sha256,
});
export type Upload = z.infer<typeof Upload>;

/** The format that a file name's ending stands for; undefined when it is none of ours. */
export function formatOf(filename: string): UploadFormat | undefined {
  const ending = filename.toLowerCase().split(".").pop() ?? "";
  if (ending === "jsonl") return "ndjson";
  if (ending === "tsv" || ending === "txt") return "csv";
  if (ending === "ipc" || ending === "feather") return "arrow";
  const parsed = UploadFormat.safeParse(ending);
  return parsed.success ? parsed.data : undefined;
}
