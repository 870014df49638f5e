import { expect, test } from "vitest";
import { z } from "zod";
import { decodeCursor, pageOf } from "./cursors.ts";

const Place = z.object({ n: z.int() });

test("a page ends where the next one begins", () => {
  const first = pageOf([1, 2, 3], 2, (n) => ({ n }));
  expect(first.rows).toEqual([1, 2]);
  expect(decodeCursor(Place, first.nextCursor ?? undefined)).toEqual({ n: 2 });
});

test("the last page has no cursor", () => {
  expect(pageOf([1, 2], 2, (n) => ({ n }))).toEqual({ rows: [1, 2], nextCursor: null });
  expect(pageOf<number>([], 2, (n) => ({ n })).nextCursor).toBeNull();
});

test.each(["", "x", "e30", Buffer.from('{"n":"1"}').toString("base64url")])(
  "the cursor %j is not one of ours",
  (cursor) => {
    expect(() => decodeCursor(Place, cursor)).toThrow("cursor: is not one");
  },
);
