import { z } from "zod";

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().optional().meta({ description: "`nextCursor` of the page before." }),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The one shape of every list: items and the cursor of the next page, null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
