import "@fastify/multipart";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FastifyRequest } from "fastify";

export type UploadSource = {
  stream: Readable;
  filename: string | undefined;
  /** Length that the client declared; undefined for chunked and multipart bodies. */
  declaredBytes: number | undefined;
};

/** The file in a request: the first file part of a multipart form, else the raw body. Throws `invalid_arguments`. */
export async function uploadSource(
  request: FastifyRequest,
  filename: string | undefined,
): Promise<UploadSource> {
  if (request.isMultipart()) {
    const part = await request.file().catch(unreadableForm);
    if (!part)
      throw new TeatreeError("invalid_arguments", "The form has no file.", { details: { issues: [] } });
    return {
      stream: part.file,
      filename: filename ?? part.filename,
      declaredBytes: undefined,
    };
  }
  const raw: IncomingMessage = request.raw;
  const length = raw.headers["content-length"];
  const declaredBytes = length === undefined ? undefined : Number(length);
  return { stream: raw, filename, declaredBytes };
}

function unreadableForm(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new TeatreeError("invalid_arguments", `The form cannot be read: ${reason}`, {
    details: { issues: [{ path: "", message: reason }] },
    cause,
  });
}
