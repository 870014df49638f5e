"use client";

import { useQuery } from "@tanstack/react-query";
import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import Link from "next/link";
import { type JobFilter, jobQuery, recentJobsQuery } from "../../clients/queries.ts";
import { VersionName } from "../../ui/chip.tsx";
import { Time } from "../../ui/figures.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { Skeleton, SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { changesInWords } from "../job-words/index.ts";
import { LoadError } from "../shell/index.ts";
import { JobTitle } from "./job-title.tsx";

/** A job in two lines, for side columns: state and what, then where and how far. */
export function JobEntry({ job }: { job: Job }) {
  return (
    <Link href={`/jobs/${job.id}`} className="flex flex-col gap-1.5 border-b border-hair py-2 hover:bg-hover">
      <span className="flex items-center gap-2">
        <StateBadge state={job.status} className="w-20 flex-none" />
        <span className="min-w-0 flex-1 truncate">
          <JobTitle job={job} plain />
        </span>
      </span>
      {job.status === "running" ? (
        <ProgressBar value={job.progress} label={`Progress of ${job.function} on ${job.model}`} />
      ) : null}
      <span className="flex items-center gap-2 text-meta text-ink-3">
        <span className="min-w-0 flex-1 truncate">
          {job.error
            ? job.error.message.split("\n")[0]
            : job.status === "applied"
              ? changesInWords(job.changes)
              : job.model}
        </span>
        {job.position !== undefined && !isFinal(job.status) ? <span>position {job.position}</span> : null}
        {job.version === null ? null : <VersionName version={job.version} />}
        <Time at={job.finishedAt ?? job.submittedAt} />
      </span>
    </Link>
  );
}

/** One job by its id, in two lines. */
export function JobRow({ id }: { id: string }) {
  const { data } = useQuery(jobQuery(id));
  return data ? <JobEntry job={data} /> : <Skeleton className="my-3 w-48" />;
}

/** The newest jobs that fit, in two lines each. */
export function JobList({
  filter,
  limit,
  empty = "No job yet.",
}: {
  filter: JobFilter;
  limit: number;
  empty?: string;
}) {
  const { data, error, refetch } = useQuery(recentJobsQuery(filter, limit));
  if (error && !data) return <LoadError what="The jobs" error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} height="h-14" label="Loading jobs" />;
  if (data.items.length === 0) return <p className="border-t border-line py-2 text-ink-3">{empty}</p>;
  return (
    <ul className="border-t border-line">
      {data.items.map((job) => (
        <li key={job.id}>
          <JobEntry job={job} />
        </li>
      ))}
    </ul>
  );
}
