import {
  countUnread,
  listNotifications,
  markNotificationsRead,
} from "@teatree/shared/control-db/notifications";
import { z } from "zod";
import { decodeCursor, pageOf } from "../server/http/cursors.ts";
import { invalidArguments } from "../server/http/issues.ts";
import { presentNotification } from "../server/live/present-notification.ts";
import { requireModel } from "../server/reads/find-model.ts";
import type { ApiCall, Handlers } from "./handler.ts";

const NewestCursor = z.object({ id: z.uuid() });
const SeqCursor = z.object({ seq: z.int().min(0) });

export const notificationHandlers = {
  async listNotifications(call) {
    const { context, user, query } = call;
    const [page, unread] = await Promise.all([
      query.after === undefined ? newest(call) : catchUp(call, query.after),
      countUnread(context.pool, user.account),
    ]);
    const { rows, nextCursor } = page;
    return { status: 200, body: { items: rows.map(presentNotification), nextCursor, unread } };
  },

  async markNotificationsRead({ context, user, body }) {
    await markNotificationsRead(context.pool, user.account, body.ids);
    return { status: 200, body: { unread: await countUnread(context.pool, user.account) } };
  },
} satisfies Partial<Handlers>;

type ListCall = ApiCall<"listNotifications">;

async function filterOf({ context, user, query }: ListCall) {
  const model = query.model === undefined ? undefined : await requireModel(context.pool, query.model);
  return { reader: user.account, modelId: model?.id, unread: query.unread, limit: query.limit + 1 };
}

async function newest(call: ListCall) {
  const { context, query } = call;
  const cursor = decodeCursor(NewestCursor, query.cursor);
  const before = cursor?.id;
  const rows = await listNotifications(context.pool, { ...(await filterOf(call)), order: "newest", before });
  return pageOf(rows, query.limit, ({ id }) => ({ id }));
}

/** Oldest first from a seq on: what a page missed while it was away. */
async function catchUp(call: ListCall, after: number) {
  const { context, query } = call;
  if (query.model === undefined) {
    throw invalidArguments([{ path: "after", message: "needs model: each model counts for itself" }]);
  }
  const afterSeq = decodeCursor(SeqCursor, query.cursor)?.seq ?? after;
  const rows = await listNotifications(context.pool, {
    ...(await filterOf(call)),
    order: "oldest",
    afterSeq,
  });
  return pageOf(rows, query.limit, ({ seq }) => ({ seq }));
}
