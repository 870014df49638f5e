import { expect, test } from "vitest";
import { cookieOf } from "./cookies.ts";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["session=a", "a"],
  ["x=1; session=a; y=2", "a"],
  ["session=a=b==", "a=b=="],
  ["mysession=a", undefined],
  ["session=first; session=second", "first"],
])("in %j the session is %j", (header, expected) => {
  expect(cookieOf(header, "session")).toBe(expected);
});
