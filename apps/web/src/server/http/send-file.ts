import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ByteSpan, parseRange } from "./byte-range.ts";
import { isNotModified, rangeHolds } from "./conditions.ts";
import { takeOver } from "./take-over.ts";

type Described = {
  etag: string;
  contentType: string;
  headers: Record<string, string>;
};

export type FileToSend = Described & { path: string };

export type BytesToSend = Described & {
  bytes: number;
  /** The bytes of a span, in order. It is ended early when the client hangs up. */
  read(span: ByteSpan): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
};

const CHUNK_BYTES = 256 * 1024;

/**
 * Answers bytes with everything that range readers and download managers count on: exact Content-Length, one Range, HEAD with
 * Range as 206, ETag, If-None-Match, If-Range, 416. What fails before the first byte is thrown, so that it becomes an answer of
 * its own; later the connection is broken, because a client takes a complete answer for a good one.
 */
export async function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  body: BytesToSend,
): Promise<void> {
  const { bytes, etag } = body;
  const base = { ...body.headers, etag, "accept-ranges": "bytes" };
  if (isNotModified(request.headers, etag)) {
    takeOver(reply, 304, base).end();
    return;
  }
  const range = rangeHolds(request.headers, etag) ? parseRange(request.headers.range, bytes) : null;
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${bytes}`);
    throw new TeatreeError("range_not_satisfiable", `The range lies outside the file's ${bytes} bytes.`, {
      details: { bytes },
    });
  }
  const span = range ?? { start: 0, end: bytes - 1 };
  const answer = () =>
    takeOver(reply, range ? 206 : 200, {
      ...base,
      "content-type": body.contentType,
      "content-length": span.end - span.start + 1,
      ...(range ? { "content-range": `bytes ${span.start}-${span.end}/${bytes}` } : {}),
    });
  if (request.method === "HEAD" || bytes === 0) answer().end();
  else await pipeline(await begun(await body.read(span)), answer());
}

/** {@link sendBytes} of a file. Throws `not_found` when it is not there. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, ...described }: FileToSend,
): Promise<void> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw new TeatreeError("not_found", "The file is not kept any more.", { cause });
  });
  try {
    const { size } = await handle.stat();
    await sendBytes(request, reply, {
      ...described,
      bytes: size,
      read: (span) => readSpan(handle, span),
    });
  } finally {
    await handle.close();
  }
}

/** The same bytes once the first of them are there. */
export async function begun(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const rest = chunks[Symbol.asyncIterator]();
  const first = await rest.next();
  return (async function* () {
    try {
      if (!first.done) yield first.value;
      yield* { [Symbol.asyncIterator]: () => rest };
    } finally {
      await rest.return?.();
    }
  })();
}

async function* readSpan(handle: FileHandle, { start, end }: ByteSpan): AsyncGenerator<Buffer> {
  for (let at = start; at <= end; ) {
    const length = Math.min(CHUNK_BYTES, end + 1 - at);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) throw new TeatreeError("internal", "A file became shorter while it was sent.");
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
