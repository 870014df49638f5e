import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { UploadId } from "@teatree/shared/contracts/ids";
import { INTENT_ARGS_LIMIT_BYTES } from "@teatree/shared/contracts/intents";
import { type SourceContext, stageSources } from "../batches/sources.ts";
import type { WriterItemInput } from "../writer/protocol.ts";

type Sources = Required<Pick<WriterItemInput, "call" | "uploads" | "reads">> &
  Pick<WriterItemInput, "computed">;

/** What a call reads, in staging. Many rows become a file there, as they do when the intent is submitted. */
export async function previewSources(context: SourceContext, call: FunctionCall): Promise<Sources> {
  const isLarge = Buffer.byteLength(JSON.stringify(call.args)) > INTENT_ARGS_LIMIT_BYTES;
  if (isLarge && call.function === "append" && call.args.rows) {
    const { rows, ...args } = call.args;
    const { uploadId, uploads } = await stageRows(context.stagingDir, rows);
    return { call: { function: "append", args: { ...args, uploadId } }, uploads, reads: {} };
  }
  if (isLarge && call.function === "upsert" && call.args.rows) {
    const { rows, ...args } = call.args;
    const { uploadId, uploads } = await stageRows(context.stagingDir, rows);
    return { call: { function: "upsert", args: { ...args, uploadId } }, uploads, reads: {} };
  }
  const { uploads, reads, computed } = await stageSources(context, call);
  return { call, uploads: uploads ?? {}, reads: reads ?? {}, computed };
}

async function stageRows(stagingDir: string, rows: unknown[]) {
  const uploadId = UploadId.parse(randomUUID());
  const path = join(stagingDir, `upload-${uploadId}.ndjson`);
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const uploads = { [uploadId]: { path, format: "ndjson", filename: "rows.ndjson" } } as const;
  return { uploadId, uploads };
}
