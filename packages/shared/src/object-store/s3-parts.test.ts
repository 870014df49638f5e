import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { partSize, partsOf } from "./s3-parts.ts";

test.each([
  [[], [0]],
  [[3], [3]],
  [[10], [10]],
  [
    [4, 4, 4],
    [10, 2],
  ],
  [[25], [10, 10, 5]],
  [
    [9, 1, 10, 1],
    [10, 10, 1],
  ],
])("pieces of %o bytes become parts of %o", async (pieces, expected) => {
  const source = Readable.from(pieces.map((bytes) => Buffer.alloc(bytes, 1)));
  const parts: number[] = [];
  for await (const part of partsOf(source, 10)) parts.push(part.length);
  expect(parts).toEqual(expected);
});

test("a part is given as soon as it is full: the whole is never held", async () => {
  let produced = 0;
  const source = Readable.from(
    (function* () {
      for (; produced < 1_000; produced += 1) yield Buffer.alloc(10);
    })(),
    { highWaterMark: 1 },
  );
  const parts = partsOf(source, 20);
  await parts.next();
  expect(produced).toBeLessThan(10);
  await parts.return(undefined);
});

test.each([
  [undefined, 8],
  [79_992, 8],
  [79_993, 9],
  [999_900, 100],
])("%s declared bytes are cut into parts of %i", (declared, size) => {
  expect(partSize(declared, 8)).toBe(size);
});
