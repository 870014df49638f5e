import type { IntentId, ModelId } from "../contracts/ids.ts";
import type { JobResult, TableChange } from "../contracts/jobs.ts";
import type { Db } from "./pool.ts";

/** A row of `notification`. Written with the compare-and-set by the manager; `publishedAt` by the relays. */
export type NotificationRow = {
  id: string;
  seq: number;
  modelId: ModelId;
  modelName: string;
  jobId: IntentId;
  version: number | null;
  kind: "applied" | "failed" | "cancelled";
  title: string;
  summary: string;
  createdAt: Date;
  readAt: Date | null;
};

const COLUMNS = `n.id, n.seq, n.model_id AS "modelId", m.name AS "modelName", n.job_id AS "jobId", n.version, n.kind,
  n.title, n.summary, n.created_at AS "createdAt"`;

export type UnpublishedNotification = Omit<NotificationRow, "readAt"> & {
  changes: TableChange[] | null;
  result: JobResult | null;
};

/** In order per model, with what the job brought. `modelId` absent: of all models. */
export async function unpublishedNotifications(
  db: Db,
  request: { modelId?: ModelId; olderThanMs: number; limit: number },
): Promise<UnpublishedNotification[]> {
  const { rows } = await db.query<UnpublishedNotification>(
    `SELECT ${COLUMNS}, i.changes, i.result
       FROM notification n JOIN goal_model m ON m.id = n.model_id JOIN intent i ON i.id = n.job_id
      WHERE n.published_at IS NULL AND ($1::uuid IS NULL OR n.model_id = $1)
        AND n.created_at <= now() - $2 * interval '1 millisecond'
      ORDER BY n.model_id, n.seq LIMIT $3`,
    [request.modelId ?? null, request.olderThanMs, request.limit],
  );
  return rows;
}

export async function markNotificationsPublished(db: Db, ids: string[]): Promise<void> {
  await db.query("UPDATE notification SET published_at = now() WHERE id = ANY($1)", [ids]);
}

export type NotificationFilter = {
  reader: string;
  modelId?: ModelId;
  unread?: boolean;
  limit: number;
} & ({ order: "newest"; before?: string } | { order: "oldest"; afterSeq: number });

/** Newest first for the inbox; oldest first after a seq for catching up. */
export async function listNotifications(db: Db, filter: NotificationFilter): Promise<NotificationRow[]> {
  const catchUp = filter.order === "oldest";
  const before = filter.order === "newest" ? filter.before : undefined;
  const { rows } = await db.query<NotificationRow>(
    `SELECT ${COLUMNS}, r.read_at AS "readAt"
       FROM notification n JOIN goal_model m ON m.id = n.model_id
       LEFT JOIN notification_read r ON r.notification_id = n.id AND r.reader = $1
      WHERE ($2::uuid IS NULL OR n.model_id = $2)
        AND ($3::boolean IS NULL OR (r.read_at IS NULL) = $3)
        AND ($4::bigint IS NULL OR n.seq > $4)
        AND ($5::uuid IS NULL
             OR (n.created_at, n.id) < (SELECT b.created_at, b.id FROM notification b WHERE b.id = $5))
      ORDER BY ${catchUp ? "n.seq" : "n.created_at DESC, n.id DESC"} LIMIT $6`,
    [
      filter.reader,
      filter.modelId ?? null,
      filter.unread ?? null,
      filter.order === "oldest" ? filter.afterSeq : null,
      before ?? null,
      filter.limit,
    ],
  );
  return rows;
}

/** `ids` absent: all. */
export async function markNotificationsRead(db: Db, reader: string, ids?: string[]): Promise<void> {
  await db.query(
    `INSERT INTO notification_read (notification_id, reader)
     SELECT id, $1 FROM notification WHERE $2::uuid[] IS NULL OR id = ANY($2)
     ON CONFLICT DO NOTHING`,
    [reader, ids ?? null],
  );
}

export async function countUnread(db: Db, reader: string): Promise<number> {
  const { rows } = await db.query<{ unread: number }>(
    `SELECT count(*) AS unread FROM notification n
      WHERE NOT EXISTS (SELECT FROM notification_read r WHERE r.notification_id = n.id AND r.reader = $1)`,
    [reader],
  );
  return rows[0]?.unread ?? 0;
}
