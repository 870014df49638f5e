import { z } from "zod";
import { NotebookId, Timestamp } from "./ids.ts";
import { PageQuery, pageOf } from "./paging.ts";

/**
 * A notebook is one Markdown text. Front matter (`title`, `model`) and fenced cells:
 *
 *     ```sql {id=by_hour target=version}
 *     SELECT …
 *     ```
 *
 * Everything between fences is a Markdown cell. `target` is `version`, `submit` or `device`.
 * The text holds no outputs, so git can diff it.
 */
export const Notebook = z.object({
  id: NotebookId,
  title: z.string(),
  model: z.string().nullable().meta({ description: "Name of the model it works on." }),
  body: z.string(),
  revision: z.int().min(1),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Notebook = z.infer<typeof Notebook>;

const Body = z.string().max(2_000_000);

export const CreateNotebook = z.strictObject({
  id: NotebookId.optional(),
  title: z.string().min(1).max(200),
  model: z.string().nullable().optional(),
  body: Body.default(""),
});
export type CreateNotebook = z.infer<typeof CreateNotebook>;

export const SaveNotebook = z.strictObject({
  title: z.string().min(1).max(200),
  model: z.string().nullable().optional(),
  body: Body,
  revision: z
    .int()
    .min(1)
    .meta({ description: "The one that was edited; another now: 409 revision_conflict." }),
});
export type SaveNotebook = z.infer<typeof SaveNotebook>;

export const NotebookSummary = Notebook.omit({ body: true });
export type NotebookSummary = z.infer<typeof NotebookSummary>;
export const NotebookPage = pageOf(NotebookSummary);
export type NotebookPage = z.infer<typeof NotebookPage>;
export const NotebookListQuery = PageQuery.extend({ model: z.string().optional() });
export const NotebookPath = z.object({ notebook: z.uuid() });
