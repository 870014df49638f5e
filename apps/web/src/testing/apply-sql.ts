import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import { expect, vi } from "vitest";
import type { TestWeb } from "./test-web.ts";

/** Waits until the job is final, however it ended. */
export function ended(web: TestWeb, job: Job["id"]): Promise<Job> {
  return vi.waitFor(
    async () => {
      const found = await web.api.getJob({ params: { job } });
      expect(isFinal(found.status)).toBe(true);
      return found;
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** Submits a statement and waits for its end. */
export async function applySql(web: TestWeb, model: string, sql: string): Promise<Job> {
  const { jobId } = await web.api.submitIntent(model, { function: "sql", args: { sql } });
  return ended(web, jobId);
}
