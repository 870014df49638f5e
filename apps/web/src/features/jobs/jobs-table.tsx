import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import Link from "next/link";
import { Initials, VersionName } from "../../ui/chip.tsx";
import { Duration, Time } from "../../ui/figures.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { JobTitle } from "./job-title.tsx";

function took({ startedAt, finishedAt }: Job): number | undefined {
  return startedAt === null || finishedAt === null
    ? undefined
    : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
}

/** Jobs as rows: state, what, where, outcome, who, when. */
export function JobsTable({ jobs, label = "Jobs" }: { jobs: Job[]; label?: string }) {
  return (
    <Table label={label} className="table-fixed">
      <thead>
        <tr>
          <Th className="w-28">State</Th>
          <Th>What</Th>
          <Th className="w-36">Model</Th>
          <Th className="w-20">Version</Th>
          <Th numeric className="w-20">
            Took
          </Th>
          <Th className="w-12 pl-4">
            <span className="sr-only">By</span>
          </Th>
          <Th numeric className="w-24">
            When
          </Th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => {
          const ms = took(job);
          return (
            <Tr key={job.id}>
              <Td className="h-8">
                <StateBadge
                  state={job.status}
                  label={
                    job.position !== undefined && !isFinal(job.status)
                      ? `${job.status}, ${job.position}`
                      : undefined
                  }
                />
              </Td>
              <Td className="truncate">
                <Link
                  href={`/jobs/${job.id}`}
                  className="inline-block max-w-full truncate align-middle leading-6 hover:underline"
                >
                  <JobTitle job={job} />
                </Link>
                {job.error ? (
                  <span className="ml-3 text-meta text-fail">{job.error.message.split("\n")[0]}</span>
                ) : null}
              </Td>
              <Td quiet className="truncate">
                <Link
                  href={`/models/${job.model}`}
                  className="inline-block max-w-full truncate align-middle leading-6 hover:underline"
                >
                  {job.model}
                </Link>
              </Td>
              <Td>
                {job.version === null ? (
                  <span className="text-ink-3">–</span>
                ) : (
                  <Link
                    href={`/models/${job.model}/versions/${job.version}`}
                    className="inline-block max-w-full truncate align-middle leading-6 hover:underline"
                  >
                    <VersionName version={job.version} />
                  </Link>
                )}
              </Td>
              <Td numeric quiet>
                {ms === undefined ? <span className="text-ink-3">–</span> : <Duration ms={ms} />}
              </Td>
              <Td>
                <Initials name={job.submittedBy} />
              </Td>
              <Td numeric quiet>
                <Time at={job.submittedAt} />
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
