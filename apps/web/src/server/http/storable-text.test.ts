import { expect, test } from "vitest";
import { unstorableText } from "./storable-text.ts";

const pathIn = (body: unknown) => {
  const source = JSON.stringify(body);
  return unstorableText(source, JSON.parse(source))?.path;
};

test.each([
  [{ args: { rows: [{ a: "x" }, { a: "\0" }] } }, "args.rows[1].a"],
  [{ title: "half \ud83d" }, "title"],
  [{ set: { "a\0": 1 } }, "set"],
  [{ title: "whole 😀", text: "\\u0000 as text" }, undefined],
  [null, undefined],
])("%j holds what cannot be stored at %s", (body, path) => {
  expect(pathIn(body)).toBe(path);
});
