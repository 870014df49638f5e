import type { IncomingMessage } from "node:http";
import { TeatreeError } from "@teatree/shared/contracts/errors";

/** A statement has at most a million characters; parameters may be more. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** A request's JSON body. Throws `invalid_json`, also for one that is too long. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > LIMIT_BYTES) throw new TeatreeError("invalid_json", "The request is too long.");
    pieces.push(buffer);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch (cause) {
    throw new TeatreeError("invalid_json", "The request is not JSON.", { cause });
  }
}
