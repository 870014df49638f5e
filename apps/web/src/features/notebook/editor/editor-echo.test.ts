import { expect, test } from "vitest";
import { createEcho } from "./editor-echo.ts";

test("the editor's own text is known however late it comes back", () => {
  const echo = createEcho();
  for (const text of ["S", "SE", "SEL"]) echo.sent(text);
  expect([echo.isOwn("S"), echo.isOwn("SEL")]).toEqual([true, true]);
});

test("text from elsewhere is not the editor's own, and neither is what was settled before", () => {
  const echo = createEcho();
  echo.sent("S");
  expect(echo.isOwn("formatted")).toBe(false);
  echo.sent("T");
  expect([echo.isOwn("T"), echo.isOwn("T")]).toEqual([true, false]);
});
