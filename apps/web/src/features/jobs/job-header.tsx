"use client";

import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { Initials, VersionName } from "../../ui/chip.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Duration, Timestamp } from "../../ui/figures.tsx";
import { Icon } from "../../ui/icon.tsx";
import { TextLink } from "../../ui/page.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import type { WaterfallStep } from "../../ui/waterfall.tsx";
import { layOut } from "../../ui/waterfall-layout.ts";
import { readableAt } from "./job-steps.ts";
import { JobTitle } from "./job-title.tsx";
import { RestoreButton } from "./restore-button.tsx";
import type { useJobActions } from "./use-job-actions.ts";

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-1.5 whitespace-nowrap">
      <dt className="text-ink-3">{label}</dt>
      <dd className="flex items-center gap-1 font-medium">{children}</dd>
    </div>
  );
}

function Versions({ job }: { job: Job }) {
  if (job.version === null) {
    return job.baseVersion === null ? (
      <span className="font-normal text-ink-3">none made</span>
    ) : (
      <VersionName version={job.baseVersion} />
    );
  }
  const href = `/models/${job.model}/versions/${job.version}`;
  return (
    <>
      {job.version > 1 ? (
        <>
          <VersionName version={job.version - 1} />
          <Icon name="arrowRight" size="xs" className="text-ink-3" />
          <span className="sr-only">to</span>
        </>
      ) : null}
      <TextLink href={href}>
        <VersionName version={job.version} tone="leaf" />
      </TextLink>
    </>
  );
}

/** What the job is, how it stands, and what can be done about it. Stays at the top while the page scrolls. */
export function JobHeader({
  job,
  steps,
  actions,
}: {
  job: Job;
  steps: WaterfallStep[];
  actions: ReturnType<typeof useJobActions>;
}) {
  const final = isFinal(job.status);
  const axis = layOut(
    steps.flatMap(({ start, duration }) => (start === undefined ? [] : [{ start, duration: duration ?? 0 }])),
  );
  const readable = readableAt(job);
  return (
    <header className="z-10 border-b border-line bg-paper px-3 pt-3 pb-2.5 md:sticky md:top-0 md:px-6">
      <div className="flex items-start gap-x-4 gap-y-2 max-md:flex-col">
        <div className="flex min-w-0 flex-1 items-start gap-2.5">
          <StateBadge state={job.status} pill className="mt-0.25" />
          <h1 className="line-clamp-2 min-w-0 leading-6 font-medium break-words md:line-clamp-1">
            <JobTitle job={job} plain />
          </h1>
        </div>
        <div className="flex flex-wrap gap-1.5">
          {job.status === "applied" && job.version !== null && job.version > 1 ? (
            <RestoreButton
              model={job.model}
              version={job.version - 1}
              label={`Undo, restore v${job.version - 1}`}
            />
          ) : null}
          {final ? (
            <Button icon="retry" busy={actions.retry.isPending} onClick={() => actions.retry.mutate(job.id)}>
              {job.status === "applied" ? "Run again" : "Retry"}
            </Button>
          ) : (
            <Button icon="stop" busy={actions.cancel.isPending} onClick={() => actions.cancel.mutate(job.id)}>
              Cancel
            </Button>
          )}
          <CopyButton
            text={typeof window === "undefined" ? "" : window.location.href}
            label="Copy link"
            icon="link"
            size="m"
          />
        </div>
      </div>
      <dl className="mt-2 flex flex-wrap gap-x-7 gap-y-1 text-meta">
        <Fact label="Model">
          <TextLink href={`/models/${job.model}`}>{job.model}</TextLink>
        </Fact>
        <Fact label="Version">
          <Versions job={job} />
        </Fact>
        {job.status === "queued" && job.position !== undefined ? (
          <Fact label="Position">{job.position === 1 ? "1, next" : job.position}</Fact>
        ) : null}
        {readable === undefined ? null : (
          <Fact label="Readable after">
            <Duration ms={readable} />
          </Fact>
        )}
        <Fact label={final ? "All steps" : "Elapsed"}>
          <Duration ms={axis.busyMs} />
          {axis.idleMs > 0 ? (
            <span className="font-normal text-ink-3">
              + <Duration ms={axis.idleMs} /> idle
            </span>
          ) : null}
        </Fact>
        {job.attempts > 0 ? <Fact label="Attempt">{job.attempts}</Fact> : null}
        <Fact label="By">
          <Initials name={job.submittedBy} />
          {job.submittedBy}
          {job.notebookId === null ? null : (
            <span className="font-normal text-ink-3">
              {" "}
              from a <TextLink href={`/notebooks/${job.notebookId}`}>notebook</TextLink>
            </span>
          )}
        </Fact>
        {job.retryOf === null ? null : (
          <Fact label="Again of">
            <TextLink href={`/jobs/${job.retryOf}`} className="font-mono">
              {job.retryOf.slice(0, 8)}
            </TextLink>
          </Fact>
        )}
        <Fact label="Submitted">
          <Timestamp at={job.submittedAt} />
        </Fact>
      </dl>
      {final ? null : (
        <div className="mt-2">
          <ProgressBar value={job.progress} label="Progress of the job" />
        </div>
      )}
    </header>
  );
}
