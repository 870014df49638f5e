import type { Job } from "@teatree/shared/contracts/jobs";
import { SqlText } from "../../ui/sql-text.tsx";
import { summaryOf } from "../job-words/index.ts";

/** `sql · UPDATE flights SET …` on one line; what does not fit is cut. */
export function JobTitle({ job, plain }: { job: Pick<Job, "function" | "args">; plain?: boolean }) {
  const summary = summaryOf(job);
  return (
    <span className="font-mono text-code">
      <span className="text-ink-3">{job.function}</span>
      <span aria-hidden="true" className="mx-1.5 text-ink-3">
        ·
      </span>
      {job.function === "sql" && !plain ? <SqlText sql={summary} /> : summary}
    </span>
  );
}
