import { expect, test } from "vitest";
import { playwrightCounts, vitestCounts } from "./test-counts.mjs";

const file = (status, ...tests) => ({ status, assertionResults: tests.map((name) => ({ status: name })) });

test.each([
  ["all passed", { numPassedTests: 3, numFailedTests: 0, testResults: [file("passed", "passed")] }, 0, 3, 0],
  ["one failed", { numPassedTests: 2, numFailedTests: 1, testResults: [file("failed", "failed")] }, 1, 2, 1],
  [
    "a file cannot be loaded",
    { numPassedTests: 2, numFailedTests: 0, testResults: [file("failed")] },
    1,
    2,
    1,
  ],
  ["an error outside of any test", { numPassedTests: 2, numFailedTests: 0, testResults: [] }, 1, 2, 1],
  ["no report at all", null, 1, 0, 1],
])("Vitest: %s", (_, report, exitCode, passed, failed) => {
  expect(vitestCounts(report, exitCode)).toEqual({ passed, failed });
});

test.each([
  ["all passed", { stats: { expected: 4, unexpected: 0, flaky: 0 } }, 0, 4, 0],
  ["a flaky test is a failed one", { stats: { expected: 4, unexpected: 0, flaky: 1 } }, 0, 4, 1],
  ["the set-up failed", { stats: { expected: 0, unexpected: 0, flaky: 0 } }, 1, 0, 1],
])("Playwright: %s", (_, report, exitCode, passed, failed) => {
  expect(playwrightCounts(report, exitCode)).toEqual({ passed, failed });
});
