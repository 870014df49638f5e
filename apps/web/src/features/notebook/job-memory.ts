import { z } from "zod";

/** Which job each cell, by name, was last submitted as: kept in this browser so that a reload brings the jobs back. */
const JobsByCell = z.record(z.string(), z.uuid());
export type JobsByCell = z.infer<typeof JobsByCell>;

const storageKey = (notebook: string) => `teatree.jobs.${notebook}`;

export function recallJobs(notebook: string): JobsByCell {
  try {
    const parsed = JobsByCell.safeParse(JSON.parse(localStorage.getItem(storageKey(notebook)) ?? "{}"));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

export function rememberJobs(notebook: string, jobs: JobsByCell): void {
  try {
    if (Object.keys(jobs).length === 0) localStorage.removeItem(storageKey(notebook));
    else localStorage.setItem(storageKey(notebook), JSON.stringify(jobs));
  } catch {
    // Storage may be full or refused; the jobs page still has the jobs.
  }
}
