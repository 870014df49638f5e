import { FunctionCall } from "@teatree/shared/contracts/functions";
import { findModel } from "@teatree/shared/control-db/goal-models";
import { authorize } from "../server/access/authorize.ts";
import { checkUploads } from "../server/queue/check-uploads.ts";
import { refuseLargeArgs } from "../server/queue/offload-rows.ts";
import type { Handlers } from "./handler.ts";

export const previewHandlers = {
  async previewIntent({ context, user, model, body, signal }) {
    const { function: name, args, baseVersion = null } = body;
    await checkUploads(context.pool, model.id, [body]);
    refuseLargeArgs(body);
    if (body.function === "sql") {
      for (const read of Object.values(body.args.reads ?? {})) {
        // One that does not exist is the intent's own error: the answer says so.
        const other = await findModel(context.pool, read.model);
        if (other) authorize(user, "read", other);
      }
    }
    const call = FunctionCall.parse({ function: name, args });
    const stop = AbortSignal.any([signal, context.stopping]);
    return { status: 200, body: await context.managers.preview(model, { call, baseVersion }, stop) };
  },
} satisfies Partial<Handlers>;
