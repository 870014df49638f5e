import { z } from "zod";
import { IntentId, ModelId, ModelName, Timestamp, VersionNumber } from "./ids.ts";
import { JobResult, TableChange } from "./jobs.ts";
import { PageQuery, pageOf } from "./paging.ts";

export const NotificationKind = z.enum(["applied", "failed", "cancelled"]);

/** Lives in PostgreSQL; the same shape travels live over NATS. */
export const Notification = z.object({
  id: z.uuid(),
  seq: z.int().min(1).meta({ description: "Grows by one per model: a gap means something was missed." }),
  model: ModelName,
  modelId: ModelId,
  jobId: IntentId,
  version: VersionNumber.nullable(),
  kind: NotificationKind,
  title: z.string(),
  summary: z.string(),
  createdAt: Timestamp,
  readAt: Timestamp.nullable(),
});
export type Notification = z.infer<typeof Notification>;

/** What subscribers of `teatree.notify.<modelId>` get: the notification and what it brought. */
export const LiveNotification = Notification.extend({
  changes: z.array(TableChange),
  result: JobResult.optional().meta({ description: "The first page of the result." }),
});
export type LiveNotification = z.infer<typeof LiveNotification>;

export const NotificationPage = pageOf(Notification).extend({
  unread: z.int().min(0),
});
export type NotificationPage = z.infer<typeof NotificationPage>;

export const NotificationListQuery = PageQuery.extend({
  unread: z.stringbool().optional(),
  model: z.string().optional(),
  after: z.coerce.number().int().min(0).optional().meta({
    description: "Per-model seq to read on from, oldest first; needs `model`.",
  }),
});
export type NotificationListQuery = z.infer<typeof NotificationListQuery>;

export const MarkRead = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(1000).optional().meta({ description: "Absent: all." }),
});
export type MarkRead = z.infer<typeof MarkRead>;
