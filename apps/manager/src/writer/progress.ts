import type { DuckDBConnection } from "@duckdb/node-api";

const LOOK_EVERY_MS = 250;

/** Reports the running statement's progress (0..1) when it moved by a percent; returns what ends the reports. */
export function watchProgress(connection: DuckDBConnection, report: (progress: number) => void): () => void {
  let last = -1;
  const timer = setInterval(() => {
    const { percentage } = connection.progress;
    // −1 means that the engine does not know, which is not the same as having done nothing.
    if (percentage < 0 || Math.abs(percentage - last) < 1) return;
    last = percentage;
    report(Math.min(1, percentage / 100));
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
