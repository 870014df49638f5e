import type { BatchItem } from "@teatree/shared/contracts/manager-api";
import { sql, type TestModel } from "./test-model.ts";

/** Intents whose every wrong history shows: number i is inserted by intent i, after a table that the first one makes. */
export function countingIntents(count: number) {
  const inserts = Array.from({ length: count - 1 }, (_, index) =>
    sql(`INSERT INTO counted VALUES (${index + 1})`),
  );
  return [sql("CREATE TABLE counted AS SELECT 0 AS n"), ...inserts];
}

/**
 * Every breach of the invariants that the history shows, for intents of {@link countingIntents}: an outcome that is missing or
 * doubled, an order that was not kept, a version that is no prefix, a gap, a file that is not what was published.
 */
export async function breaches(model: TestModel, items: BatchItem[]): Promise<string[]> {
  const found: string[] = [];
  const jobs = await model.intents(items);
  for (const [index, job] of jobs.entries()) {
    if (job.status !== "applied") found.push(`intent ${index} ended ${job.status}: ${job.error?.message}`);
  }
  const versions = await model.versions();
  for (const [index, version] of versions.entries()) {
    if (version.version !== index + 1) found.push(`version ${version.version} stands at place ${index + 1}`);
    const [row] = await model.read(version, "SELECT count(*), count(DISTINCT n), max(n) + 1 FROM counted");
    const intents = versions.slice(0, index + 1).flatMap((each) => each.intents).length;
    const expected = [String(intents), String(intents), intents].join();
    if (row?.join() !== expected)
      found.push(`version ${version.version} holds ${row?.join()}, not ${expected}`);
    const fault = await model.stored.fault(version);
    if (fault !== null) found.push(`version ${version.version} is not what was published: ${fault}`);
  }
  const published = versions.flatMap((version) => version.intents).join();
  const submitted = items.map((item) => item.intent.intentId).join();
  if (published !== submitted) found.push("the versions do not name every intent once and in order");
  return found;
}
