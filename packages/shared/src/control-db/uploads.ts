import type { ModelId, UploadId } from "../contracts/ids.ts";
import type { UploadFormat } from "../contracts/uploads.ts";
import type { Db } from "./pool.ts";

/** A row of `upload`: the bytes lie in the object store under `objectKey`. Written by web only. */
export type UploadRow = {
  id: UploadId;
  modelId: ModelId;
  filename: string;
  format: UploadFormat;
  bytes: number;
  sha256: string;
  objectKey: string;
  createdBy: string;
};

export async function recordUpload(db: Db, upload: UploadRow): Promise<void> {
  await db.query(
    `INSERT INTO upload (id, model_id, filename, format, bytes, sha256, object_key, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      upload.id,
      upload.modelId,
      upload.filename,
      upload.format,
      upload.bytes,
      upload.sha256,
      upload.objectKey,
      upload.createdBy,
    ],
  );
}

/** Null when there is none of that id in that model: an upload belongs to the model it was sent to. */
export async function findUpload(db: Db, modelId: ModelId, id: UploadId): Promise<UploadRow | null> {
  const { rows } = await db.query<UploadRow>(
    `SELECT id, model_id AS "modelId", filename, format, bytes, sha256, object_key AS "objectKey",
            created_by AS "createdBy" FROM upload WHERE id = $1 AND model_id = $2`,
    [id, modelId],
  );
  return rows[0] ?? null;
}
