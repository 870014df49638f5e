import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { SubmitIntent } from "@teatree/shared/contracts/intents";
import type { Db } from "@teatree/shared/control-db/pool";
import { findUpload } from "@teatree/shared/control-db/uploads";

/** Throws `upload_not_found` for an intent that names an upload the model does not have: nothing is queued then. */
export async function checkUploads(db: Db, modelId: ModelId, intents: SubmitIntent[]): Promise<void> {
  const ids = new Set(
    intents.flatMap(({ args }) => ("uploadId" in args && args.uploadId !== undefined ? [args.uploadId] : [])),
  );
  for (const uploadId of ids) {
    if (await findUpload(db, modelId, uploadId)) continue;
    const message = `args.uploadId: there is no upload ${uploadId} in this model. Uploads belong to the model they were sent to.`;
    throw new TeatreeError("upload_not_found", message, { details: { path: "args.uploadId", uploadId } });
  }
}
