import { expect, test } from "vitest";
import { allowedHosts, checkSite } from "./site-guard.ts";

const allowed = allowedHosts("127.0.0.1", 3000);

test.each([
  [{ host: "127.0.0.1:3000" }],
  [{ host: "LOCALHOST:3000" }],
  [{ host: "[::1]:3000" }],
  [{ host: "localhost:3000", origin: "http://localhost:3000" }],
])("%j is let in", (headers) => {
  expect(() => checkSite(headers, allowed)).not.toThrow();
});

test.each([
  [{}],
  [{ host: "localhost" }],
  [{ host: "localhost:3001" }],
  [{ host: "evil.example:3000" }],
  [{ host: "localhost:3000", origin: "http://localhost:3001" }],
  [{ host: "localhost:3000", origin: "https://localhost:3000" }],
  [{ host: "localhost:3000", origin: "null" }],
  [{ host: "localhost:3000", origin: "http://localhost:3000.evil.example" }],
])("%j is refused", (headers) => {
  expect(() => checkSite(headers, allowed)).toThrow();
});

test("where an Origin is needed its absence is refused", () => {
  expect(() => checkSite({ host: "localhost:3000" }, allowed, { originNeeded: true })).toThrow("other sites");
});

test("on port 80 the host needs no port, and a bound name is let in", () => {
  expect(allowedHosts("tea.internal", 80)).toContain("tea.internal");
  expect(allowedHosts("::1", 3000)).toContain("[::1]:3000");
});
