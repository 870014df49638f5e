import { expect, test } from "vitest";
import { safePath, signInPage } from "./sign-in-page.ts";

test.each([
  ["/models?x=1#y", "/models?x=1#y"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["/a\r\nSet-Cookie: x", "/"],
  [undefined, "/"],
  ["", "/"],
])("after signing in %j leads to %j", (given, expected) => {
  expect(safePath(given)).toBe(expected);
});

test("what a stranger put into the address cannot become markup", () => {
  const page = signInPage({ nonce: "n", next: '/"><script>alert(1)</script>', wrongToken: false });
  expect(page).not.toContain("<script>");
  expect(page).toContain("/&quot;&gt;&lt;script&gt;");
});
