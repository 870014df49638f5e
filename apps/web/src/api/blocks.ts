import { pipeline } from "node:stream/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { begun, sendBytes } from "../server/http/send-file.ts";
import { takeOver } from "../server/http/take-over.ts";
import { blockBytes, findBlocks } from "../server/reads/find-blocks.ts";
import type { Handlers } from "./handler.ts";
import { recordDownload } from "./record-download.ts";

const contentType = "application/octet-stream";

export const blockHandlers = {
  async getBlock(call) {
    const { context, model, params, request, reply } = call;
    const [place] = await findBlocks(context, model, [params.hash]);
    if (place === undefined) throw new TeatreeError("internal", "A block was found and is not there.");
    await recordDownload(call, `block ${params.hash}`);
    await sendBytes(request, reply, {
      bytes: place.length,
      etag: `"${params.hash}"`,
      contentType,
      headers: { "cache-control": "private, max-age=31536000, immutable" },
      async *read({ start, end }) {
        for await (const bytes of blockBytes(context, [place])) yield bytes.subarray(start, end + 1);
      },
    });
    return "sent";
  },

  async getBlocks(call) {
    const { context, model, body, reply } = call;
    const places = await findBlocks(context, model, body.hashes);
    await recordDownload(call, `${body.hashes.length} blocks`);
    const chunks = await begun(blockBytes(context, places));
    const bytes = places.reduce((sum, { length }) => sum + length, 0);
    const headers = { "content-type": contentType, "content-length": bytes, "cache-control": "no-store" };
    await pipeline(chunks, takeOver(reply, 200, headers));
    return "sent";
  },
} satisfies Partial<Handlers>;
