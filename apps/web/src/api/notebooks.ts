import { TeatreeError } from "@teatree/shared/contracts/errors";
import { NotebookId } from "@teatree/shared/contracts/ids";
import type { Notebook, NotebookSummary } from "@teatree/shared/contracts/notebooks";
import {
  createNotebook,
  deleteNotebook,
  listNotebooks,
  type NotebookRow,
  notebookById,
  saveNotebook,
} from "@teatree/shared/control-db/notebooks";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { decodeCursor, pageOf } from "../server/http/cursors.ts";
import type { Handlers } from "./handler.ts";

const NotebookCursor = z.object({ at: z.iso.datetime(), id: NotebookId });

export const notebookHandlers = {
  async listNotebooks({ context, query }) {
    const cursor = decodeCursor(NotebookCursor, query.cursor);
    const rows = await listNotebooks(context.pool, {
      model: query.model,
      limit: query.limit + 1,
      before: cursor && { updatedAt: new Date(cursor.at), id: cursor.id },
    });
    const page = pageOf(rows, query.limit, ({ updatedAt, id }) => ({ at: updatedAt.toISOString(), id }));
    return { status: 200, body: { items: page.rows.map(presentSummary), nextCursor: page.nextCursor } };
  },

  async createNotebook({ context, user, body }) {
    const { title, model = null, body: text } = body;
    const id = body.id ?? NotebookId.parse(uuidv7());
    const created = await createNotebook(context.pool, {
      id,
      title,
      model,
      body: text,
      createdBy: user.account,
    });
    return { status: 201, body: presentNotebook(created), headers: { location: `/api/v1/notebooks/${id}` } };
  },

  async getNotebook({ context, params }) {
    const notebook = await notebookById(context.pool, NotebookId.parse(params.notebook));
    return { status: 200, body: presentNotebook(notebook) };
  },

  async saveNotebook({ context, params, body }) {
    const { title, model = null, body: text, revision } = body;
    const id = NotebookId.parse(params.notebook);
    const saved = await saveNotebook(context.pool, { id, title, model, body: text, revision });
    return { status: 200, body: presentNotebook(saved) };
  },

  async deleteNotebook({ context, params }) {
    if (await deleteNotebook(context.pool, NotebookId.parse(params.notebook)))
      return { status: 204, body: undefined };
    throw new TeatreeError("notebook_not_found", "There is no such notebook; it may have been deleted.", {
      details: { notebook: params.notebook },
    });
  },
} satisfies Partial<Handlers>;

function presentSummary(row: Omit<NotebookRow, "body">): z.input<typeof NotebookSummary> {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}

function presentNotebook(row: NotebookRow): z.input<typeof Notebook> {
  return { ...presentSummary(row), body: row.body };
}
