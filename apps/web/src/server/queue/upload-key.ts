import type { ModelId, UploadId } from "@teatree/shared/contracts/ids";

export function uploadKey(modelId: ModelId, uploadId: UploadId): string {
  return `models/${modelId}/uploads/${uploadId}`;
}
