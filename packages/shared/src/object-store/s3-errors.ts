import { S3ServiceException } from "@aws-sdk/client-s3";
import { TeatreeError } from "../contracts/errors.ts";

/** Whether S3 answered with this HTTP status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}

/** A store's failure in Teatree's words: what the caller can mend keeps its own code, the rest is `unavailable`. */
export function asStoreError(cause: unknown): TeatreeError {
  if (cause instanceof TeatreeError) return cause;
  if (isStatus(cause, 416)) {
    return new TeatreeError("range_not_satisfiable", "The range lies outside the object.", { cause });
  }
  if (isStatus(cause, 507)) return new TeatreeError("disk_full", "The object store is full.", { cause });
  const name = cause instanceof Error ? cause.name : "unknown";
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  return new TeatreeError("unavailable", `The object store failed: ${name}.`, {
    cause,
    details: { reason: name, ...(status === undefined ? {} : { status }) },
  });
}
