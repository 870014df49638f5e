/**
 * How many tests passed and failed according to a runner's JSON report. A run that failed although no test did
 * (a file that cannot be loaded, a server that does not start) counts as one failure: it must never look green.
 */

/** @param {any} report Vitest's JSON report, or null when it wrote none */
export function vitestCounts(report, exitCode) {
  if (report === null) return withHiddenFailure({ passed: 0, failed: 0 }, exitCode);
  const unloadable = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return withHiddenFailure(
    { passed: report.numPassedTests, failed: report.numFailedTests + unloadable.length },
    exitCode,
  );
}

/** @param {any} report Playwright's JSON report, or null; a flaky test counts as failed */
export function playwrightCounts(report, exitCode) {
  if (report === null) return withHiddenFailure({ passed: 0, failed: 0 }, exitCode);
  const { expected, unexpected, flaky } = report.stats;
  return withHiddenFailure({ passed: expected, failed: unexpected + flaky }, exitCode);
}

function withHiddenFailure(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
