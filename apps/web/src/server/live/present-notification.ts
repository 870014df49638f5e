import type { LiveNotification, Notification } from "@teatree/shared/contracts/notifications";
import type { NotificationRow, UnpublishedNotification } from "@teatree/shared/control-db/notifications";
import type { z } from "zod";

export function presentNotification(row: NotificationRow): z.input<typeof Notification> {
  const { id, seq, modelName, modelId, jobId, version, kind, title, summary } = row;
  return {
    id,
    seq,
    model: modelName,
    modelId,
    jobId,
    version,
    kind,
    title,
    summary,
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  };
}

/** As it travels over NATS: with what the job brought. */
export function presentLive(row: UnpublishedNotification): z.input<typeof LiveNotification> {
  const { changes, result } = row;
  return {
    ...presentNotification({ ...row, readAt: null }),
    changes: changes ?? [],
    ...(result ? { result } : {}),
  };
}
