import { TeatreeError } from "@teatree/shared/contracts/errors";
import { UploadId } from "@teatree/shared/contracts/ids";
import { formatOf, UPLOAD_FORMATS, type UploadFormat } from "@teatree/shared/contracts/uploads";
import { recordAudit } from "@teatree/shared/control-db/audit";
import { recordUpload } from "@teatree/shared/control-db/uploads";
import { v7 as uuidv7 } from "uuid";
import { checkFile, tooLarge } from "../server/http/file-check.ts";
import { invalidArguments } from "../server/http/issues.ts";
import { uploadSource } from "../server/http/upload-source.ts";
import { uploadKey } from "../server/queue/upload-key.ts";
import type { Handlers } from "./handler.ts";

export const uploadHandlers = {
  async createUpload({ context, user, model, query, request }) {
    const { pool, store, uploadLimitBytes } = context;
    const source = await uploadSource(request, query.filename);
    const { filename, declaredBytes } = source;
    if (filename === undefined || filename === "") {
      throw invalidArguments([{ path: "filename", message: "is needed: its ending names the format" }]);
    }
    const format = knownFormat(filename);
    if (declaredBytes !== undefined && declaredBytes > uploadLimitBytes) throw tooLarge(uploadLimitBytes);
    const id = UploadId.parse(uuidv7());
    const objectKey = uploadKey(model.id, id);
    const check = checkFile(format, uploadLimitBytes);
    // pipe alone would leave the store waiting for ever for the rest of a body that broke off.
    source.stream.once("error", (error) => check.destroy(error));
    source.stream.once("aborted", () => check.destroy(brokeOff()));
    const declared = declaredBytes === undefined ? {} : { bytes: declaredBytes };
    const stored = await store.put(objectKey, source.stream.pipe(check), declared);
    const { bytes, sha256 } = stored;
    const { account } = user;
    await recordUpload(pool, {
      id,
      modelId: model.id,
      filename,
      format,
      bytes,
      sha256,
      objectKey,
      createdBy: account,
    });
    await recordAudit(pool, {
      account,
      action: "upload",
      modelId: model.id,
      target: id,
      details: { filename, bytes },
    });
    return { status: 201, body: { uploadId: id, filename, bytes, sha256 } };
  },
} satisfies Partial<Handlers>;

function knownFormat(filename: string): UploadFormat {
  const format = formatOf(filename);
  if (format !== undefined) return format;
  throw new TeatreeError(
    "unsupported_file",
    `“${filename}” is none of ${UPLOAD_FORMATS.map((name) => `.${name}`).join(", ")}.`,
    { details: { filename, formats: UPLOAD_FORMATS } },
  );
}

function brokeOff(): TeatreeError {
  return new TeatreeError("upload_incomplete", "The upload broke off before its end. Send it again.");
}
