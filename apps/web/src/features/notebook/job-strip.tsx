"use client";

import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import Link from "next/link";
import { useEffect, useState } from "react";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { formatDuration, plural } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { jobProgress, stepSentence } from "./job-events.ts";
import { useJobCommands } from "./use-job-commands.ts";

/** The job of a cell, live: where it stands, what it will make or made, and what can be done about it. */
export function JobStrip({ job, onFollow }: { job: Job; onFollow: (jobId: string) => void }) {
  const { cancel, restore } = useJobCommands(job, onFollow);
  const [asking, setAsking] = useState(false);
  const over = isFinal(job.status);
  const before = job.version === null ? null : job.version - 1;
  return (
    <section
      aria-label="Job"
      className="mt-1.5 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 rounded-m border border-line py-1 pr-1.5 pl-2.5"
    >
      <span role="status">
        <StateBadge state={job.status} />
      </span>
      <Standing job={job} />
      {job.version === null ? null : (
        <span className="inline-flex items-center gap-1.5 font-mono text-meta font-medium">
          {before !== null && before > 0 ? <span>v{before}</span> : <span>empty</span>}
          <Icon name="arrowRight" size="xs" className="text-ink-3" />
          <Link
            href={`/models/${job.model}/versions/${job.version}`}
            className="text-leaf-ink underline decoration-leaf-line underline-offset-3"
          >
            v{job.version}
          </Link>
        </span>
      )}
      <Clock job={job} />
      <span className="flex-1" />
      {over ? null : (
        <Button size="s" variant="quiet" icon="close" busy={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel
        </Button>
      )}
      {job.status === "applied" && before !== null && before > 0 && job.function !== "restore" ? (
        <Button size="s" variant="quiet" icon="undo" onClick={() => setAsking(true)}>
          Undo
        </Button>
      ) : null}
      <ButtonLink size="s" href={`/jobs/${job.id}`}>
        Open job
      </ButtonLink>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={`Undo by restoring v${before ?? 0}?`}
        action={`Restore v${before ?? 0}`}
        busy={restore.isPending}
        onConfirm={() => {
          if (before === null) return;
          restore.mutate(before, { onSettled: () => setAsking(false) });
        }}
      >
        <p>
          This submits a job that makes a new version equal to v{before} of {job.model}. Nothing is deleted: v
          {job.version} stays in the history. What was applied after it is undone as well.
        </p>
      </Confirm>
    </section>
  );
}

function Standing({ job }: { job: Job }) {
  switch (job.status) {
    case "queued":
      return (
        <span className="text-meta text-ink-2">
          {job.position === undefined
            ? "waiting for its turn"
            : job.position === 1
              ? "next"
              : `${job.position - 1} before it`}
        </span>
      );
    case "running":
      return (
        <>
          <span className="text-meta text-ink-2">{stepSentence(job)}</span>
          <div className="w-30 max-md:hidden">
            <ProgressBar value={jobProgress(job)} label="Progress of the job" />
          </div>
        </>
      );
    case "applied":
      return <span className="text-meta text-ink-2">{changesSentence(job)}</span>;
    case "failed":
      return <span className="text-meta text-ink-2">nothing was changed</span>;
    case "cancelled":
      return <span className="text-meta text-ink-2">nothing was changed</span>;
  }
}

function changesSentence({ changes = [] }: Job): string {
  if (changes.length === 0) return "no table changed";
  return changes
    .slice(0, 3)
    .map(({ table, rowsBefore, rowsAfter }) => {
      if (rowsAfter === null) return `${table} dropped`;
      if (rowsBefore === null) return `${table} created, ${plural(rowsAfter, "row")}`;
      const delta = rowsAfter - rowsBefore;
      if (delta === 0) return `${table} changed, ${plural(rowsAfter, "row")}`;
      return `${table} ${delta > 0 ? "+" : "−"}${plural(Math.abs(delta), "row")}`;
    })
    .concat(changes.length > 3 ? [`${changes.length - 3} more`] : [])
    .join(", ");
}

/** From submission to the end, or to now. */
function Clock({ job }: { job: Job }) {
  const [now, setNow] = useState<number | null>(null);
  const over = job.finishedAt !== null;
  useEffect(() => {
    if (over) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 100);
    return () => clearInterval(timer);
  }, [over]);
  const end = job.finishedAt === null ? now : Date.parse(job.finishedAt);
  if (end === null) return null;
  return (
    <span className="text-meta text-ink-3">
      {formatDuration(Math.max(0, end - Date.parse(job.submittedAt)))}
    </span>
  );
}
