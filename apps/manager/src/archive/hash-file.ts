import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { StoredFile } from "./archive-call.ts";

export async function hashFile(path: string): Promise<StoredFile> {
  const digest = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: digest.digest("hex") };
}
