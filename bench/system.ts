import { startTestSystem } from "@teatree/local-stack/testing";
import { type ApiClient, createApiClient } from "@teatree/shared/client/api";
import type { SubmitIntent } from "@teatree/shared/contracts/intents";
import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import type { z } from "zod";

export type System = {
  api: ApiClient;
  url: string;
  token: string;
  databaseUrl: string;
  home: string;
  /** Submits and waits until the job is final; throws when it did not apply. */
  apply(model: string, intent: z.input<typeof SubmitIntent>): Promise<Job>;
  stop(): Promise<void>;
};

/** Looking more often would take a good part of two cores from what is measured. */
const LOOK_EVERY_MS = 25;

/** The whole system as `npm start` starts it, on free ports, in a temporary home, without the sample. */
export async function startSystem(): Promise<System> {
  const { url, token, databaseUrl, home, stop } = await startTestSystem({
    // As in a real start: tests look at every block of every publication.
    env: { TEATREE_SELF_CHECK_EVERY: "128" },
  });
  const api = createApiClient({ baseUrl: url, token });
  return { api, url, token, databaseUrl, home, stop, apply: (model, intent) => applied(api, model, intent) };
}

async function applied(api: ApiClient, model: string, intent: z.input<typeof SubmitIntent>): Promise<Job> {
  const { jobId } = await api.submitIntent(model, intent);
  for (;;) {
    const job = await api.getJob({ params: { job: jobId } });
    if (job.status === "applied") return job;
    if (isFinal(job.status)) throw new Error(`${job.function} ${job.status}: ${job.error?.message}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Incompressible numbers, so that a row weighs the same in every model: 16 bytes on disk. */
export function numbersTable(rows: number): string {
  return `SELECT i AS id, (hash(i) >> 1)::BIGINT AS a, (hash(i + 1) >> 1)::BIGINT AS b FROM range(${rows}) t(i)`;
}
