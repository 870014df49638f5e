import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import { parseRange } from "./byte-range.ts";
import { isNotModified, rangeHolds } from "./conditions.ts";
import { takeOver } from "./take-over.ts";

export type FileToSend = {
  path: string;
  etag: string;
  contentType: string;
  headers: Record<string, string>;
};

/**
 * Answers a file with everything that range readers and download managers count on: exact Content-Length, one Range,
 * HEAD with Range as 206, ETag, If-None-Match, If-Range, 416. Throws `not_found` when the file is not there.
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: FileToSend,
): Promise<void> {
  const handle = await open(file.path, "r").catch((cause: unknown) => {
    throw new TeatreeError("not_found", "The file is not kept any more.", { cause });
  });
  try {
    const { size } = await handle.stat();
    const base = { ...file.headers, etag: file.etag, "accept-ranges": "bytes" };
    if (isNotModified(request.headers, file.etag)) {
      takeOver(reply, 304, base);
      reply.raw.end();
      return;
    }
    const range = rangeHolds(request.headers, file.etag) ? parseRange(request.headers.range, size) : null;
    if (range === "unsatisfiable") {
      reply.header("content-range", `bytes */${size}`);
      throw new TeatreeError("range_not_satisfiable", `The range lies outside the file's ${size} bytes.`, {
        details: { bytes: size },
      });
    }
    const span = range ?? { start: 0, end: size - 1 };
    takeOver(reply, range ? 206 : 200, {
      ...base,
      "content-type": file.contentType,
      "content-length": span.end - span.start + 1,
      ...(range ? { "content-range": `bytes ${span.start}-${span.end}/${size}` } : {}),
    });
    if (request.method === "HEAD" || size === 0) reply.raw.end();
    else
      await pipeline(
        handle.createReadStream({ ...span, autoClose: false, emitClose: false, highWaterMark: 1 << 18 }),
        reply.raw,
      );
  } finally {
    await handle.close();
  }
}
