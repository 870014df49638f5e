import { z } from "zod";

/** Which job a cell was last submitted as, kept in this browser so that a reload brings the job back. */
const Memory = z.record(z.string(), z.uuid());
type Memory = z.infer<typeof Memory>;

const key = (notebook: string) => `teatree.jobs.${notebook}`;

export function recallJobs(notebook: string): Memory {
  try {
    const parsed = Memory.safeParse(JSON.parse(localStorage.getItem(key(notebook)) ?? "{}"));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

export function rememberJob(notebook: string, cellName: string, job: string | null): void {
  const { [cellName]: _, ...rest } = recallJobs(notebook);
  const next = job === null ? rest : { ...rest, [cellName]: job };
  try {
    localStorage.setItem(key(notebook), JSON.stringify(next));
  } catch {
    // Storage may be full or refused; the jobs page still has the job.
  }
}
