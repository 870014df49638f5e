import { expect, test } from "vitest";
import { isAtLeast } from "./nats.ts";

test.each([
  ["2.15.1", true],
  ["2.12.0", true],
  ["2.12.0-RC.1", true],
  ["3.0.0", true],
  ["2.11.9", false],
  ["2.9.10", false],
  ["1.99.99", false],
  ["unknown", false],
])("nats-server %s is new enough: %s", (version, enough) => {
  expect(isAtLeast(version, "2.12.0")).toBe(enough);
});
