import { FunctionCall } from "@teatree/shared/contracts/functions";
import { authorizeReads } from "../server/access/authorize-reads.ts";
import { checkUploads } from "../server/queue/check-uploads.ts";
import { refuseLargeArgs } from "../server/queue/offload-rows.ts";
import type { Handlers } from "./handler.ts";

export const previewHandlers = {
  async previewIntent({ context, user, model, body, signal }) {
    const { function: name, args, baseVersion = null } = body;
    await checkUploads(context.pool, model.id, [body]);
    refuseLargeArgs(body);
    await authorizeReads(context.pool, user, body);
    const call = FunctionCall.parse({ function: name, args });
    const stop = AbortSignal.any([signal, context.stopping]);
    return { status: 200, body: await context.managers.preview(model, { call, baseVersion }, stop) };
  },
} satisfies Partial<Handlers>;
