"use client";

import { useQueries } from "@tanstack/react-query";
import { isFinal } from "@teatree/shared/contracts/jobs";
import Link from "next/link";
import { useState } from "react";
import { jobQuery } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Initials } from "../../ui/chip.tsx";
import { Duration } from "../../ui/figures.tsx";
import { formatNumber, shortId } from "../../ui/format.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { changesInWords, JobTitle } from "../jobs/index.ts";

const FIRST = 20;

/** The intents of a version in the order they were applied, each with what it changed. */
export function IntentsList({ intents }: { intents: string[] }) {
  const [shown, setShown] = useState(FIRST);
  const ids = intents.slice(0, shown);
  const jobs = useQueries({ queries: ids.map((id) => jobQuery(id)) });
  return (
    <>
      <ol className="border-t border-line">
        {ids.map((id, index) => {
          const job = jobs[index]?.data;
          const ms = job?.steps.find(({ name }) => name === "apply")?.durationMs;
          return (
            <li key={id} className="flex min-h-8 flex-wrap items-center gap-x-2.5 border-b border-hair py-1">
              <span className="w-6 text-right text-ink-3">{index + 1}</span>
              {job === undefined ? (
                <>
                  <Skeleton className="w-56" />
                  <span className="sr-only">Loading {shortId(id)}</span>
                </>
              ) : (
                <>
                  <Link
                    href={`/jobs/${id}`}
                    className="min-w-0 flex-1 truncate hover:underline max-md:basis-[80%]"
                  >
                    <JobTitle job={job} />
                  </Link>
                  {isFinal(job.status) && job.status === "applied" ? (
                    <span className="font-medium whitespace-nowrap text-mod">
                      {changesInWords(job.changes)}
                    </span>
                  ) : (
                    <StateBadge state={job.status} />
                  )}
                  <span className="w-14 text-right text-ink-3">
                    {ms === undefined ? null : <Duration ms={ms} />}
                  </span>
                  <Initials name={job.submittedBy} />
                </>
              )}
            </li>
          );
        })}
      </ol>
      {intents.length > shown ? (
        <Button size="s" className="mt-2" onClick={() => setShown(shown + 100)}>
          Show more of {formatNumber(intents.length)}
        </Button>
      ) : null}
    </>
  );
}
