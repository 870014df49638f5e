import { TeatreeError } from "../contracts/errors.ts";
import type { NotebookId } from "../contracts/ids.ts";
import type { Db } from "./pool.ts";

/** PostgreSQL's now in JavaScript's precision: a page's cursor must name the very time that is stored. */
const NOW = "date_trunc('milliseconds', now())";

/** A row of `notebook`. Written by web only. */
export type NotebookRow = {
  id: NotebookId;
  title: string;
  model: string | null;
  body: string;
  revision: number;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
};

const SUMMARY = `id, title, model, revision, created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** Creating with an id that exists returns the notebook as it stands: a client may repeat its request. */
export async function createNotebook(
  db: Db,
  notebook: Pick<NotebookRow, "id" | "title" | "model" | "body" | "createdBy">,
): Promise<NotebookRow> {
  await db.query(
    `INSERT INTO notebook (id, title, model, body, created_by, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, ${NOW}, ${NOW}) ON CONFLICT (id) DO NOTHING`,
    [notebook.id, notebook.title, notebook.model, notebook.body, notebook.createdBy],
  );
  return notebookById(db, notebook.id);
}

/** Throws `notebook_not_found`. */
export async function notebookById(db: Db, id: NotebookId): Promise<NotebookRow> {
  const { rows } = await db.query<NotebookRow>(`SELECT ${SUMMARY}, body FROM notebook WHERE id = $1`, [id]);
  const [notebook] = rows;
  if (!notebook) {
    throw new TeatreeError("notebook_not_found", "There is no such notebook; it may have been deleted.", {
      details: { notebook: id },
    });
  }
  return notebook;
}

/** Last changed first. */
export async function listNotebooks(
  db: Db,
  filter: { model?: string; limit: number; before?: { updatedAt: Date; id: NotebookId } },
): Promise<Omit<NotebookRow, "body">[]> {
  const { rows } = await db.query<Omit<NotebookRow, "body">>(
    `SELECT ${SUMMARY} FROM notebook
      WHERE ($1::text IS NULL OR model = $1)
        AND ($2::timestamptz IS NULL OR (updated_at, id) < ($2, $3::uuid))
      ORDER BY updated_at DESC, id DESC LIMIT $4`,
    [filter.model ?? null, filter.before?.updatedAt ?? null, filter.before?.id ?? null, filter.limit],
  );
  return rows;
}

/** Throws `revision_conflict` when somebody saved since `revision` was read, `notebook_not_found` when it is gone. */
export async function saveNotebook(
  db: Db,
  notebook: Pick<NotebookRow, "id" | "title" | "model" | "body" | "revision">,
): Promise<NotebookRow> {
  const { rowCount } = await db.query(
    `UPDATE notebook SET title = $2, model = $3, body = $4, revision = revision + 1, updated_at = ${NOW}
      WHERE id = $1 AND revision = $5`,
    [notebook.id, notebook.title, notebook.model, notebook.body, notebook.revision],
  );
  const current = await notebookById(db, notebook.id);
  if (rowCount === 1) return current;
  throw new TeatreeError(
    "revision_conflict",
    `The notebook was saved elsewhere (revision ${current.revision}). Load that, or keep yours as a copy.`,
    { details: { revision: current.revision } },
  );
}

/** False when it was gone already. */
export async function deleteNotebook(db: Db, id: NotebookId): Promise<boolean> {
  const { rowCount } = await db.query("DELETE FROM notebook WHERE id = $1", [id]);
  return rowCount === 1;
}
