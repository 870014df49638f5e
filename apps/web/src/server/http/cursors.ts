import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { z } from "zod";

/** A cursor is where the last page ended, opaque to clients. */
export function encodeCursor(place: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Throws `invalid_arguments` for a cursor that is not one of ours. */
export function decodeCursor<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string | undefined,
): z.output<Schema> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new TeatreeError("invalid_arguments", "cursor: is not one that this list gave", {
      details: { issues: [{ path: "cursor", message: "is not one that this list gave" }] },
      cause,
    });
  }
}

/** Cuts a list that was read with one row too many: that row says that there is a next page. */
export function pageOf<Item>(
  rows: Item[],
  limit: number,
  place: (last: Item) => Record<string, unknown>,
): { rows: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last ? encodeCursor(place(last)) : null };
}
