"use client";

import { useQuery } from "@tanstack/react-query";
import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { jobQuery } from "../../clients/queries.ts";
import { ErrorNotice, Notice } from "../../ui/empty-state.tsx";
import { shortId } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { Waterfall } from "../../ui/waterfall.tsx";
import { LoadError, usePlace, useShortcuts } from "../shell/index.ts";
import { JobHeader } from "./job-header.tsx";
import { JobLog } from "./job-log.tsx";
import { readableAt, waterfallOf } from "./job-steps.ts";
import { withStream } from "./job-stream.ts";
import { JOB_TABS, JobTabs } from "./job-tabs.tsx";
import { useJobActions } from "./use-job-actions.ts";
import { useJobStream } from "./use-job-stream.ts";

/** One job: what it is, its steps in time, its log while it is written, what it changed and what came of it. */
export function JobPage({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(jobQuery(id));
  const stream = useJobStream(id);
  usePlace({
    trail: data
      ? [
          { label: data.model, href: `/models/${data.model}` },
          { label: "Jobs", href: `/jobs?model=${data.model}` },
          { label: shortId(id) },
        ]
      : [{ label: "Jobs", href: "/jobs" }, { label: shortId(id) }],
    model: data?.model,
  });
  if (data) return <Loaded job={withStream(data, stream)} log={stream.log} />;
  return (
    <Page>
      {error ? (
        <LoadError what="This job" error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={10} label="Loading the job" />
      )}
    </Page>
  );
}

function useTicking(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

function JobFailure({ job }: { job: Job }) {
  const { error } = job;
  if (error === undefined || job.status === "applied") return null;
  const place =
    error.line === undefined
      ? ""
      : ` (line ${error.line}${error.column === undefined ? "" : `, column ${error.column}`})`;
  if (job.status === "cancelled") {
    return (
      <div className="border-b border-line px-3 py-3 md:px-6">
        <Notice icon="stopped">
          Cancelled: {error.message} {job.model} is as it was.
        </Notice>
      </div>
    );
  }
  return (
    <div className="border-b border-line px-3 py-3 md:px-6">
      <ErrorNotice
        title={`Failed: ${error.code.replaceAll("_", " ")}${place}`}
        detail={<pre className="font-mono text-code whitespace-pre-wrap">{error.message}</pre>}
      >
        <p className="text-meta text-ink-2">
          {job.model} is as it was. Correct the input, then submit it again.
        </p>
      </ErrorNotice>
    </div>
  );
}

function Loaded({ job, log }: { job: Job; log: Parameters<typeof JobLog>[0]["lines"] }) {
  const [step, setStep] = useState<string>();
  const running = !isFinal(job.status);
  const steps = waterfallOf(job, useTicking(running));
  const actions = useJobActions();
  const asked = useSearchParams().get("tab");
  const tab = JOB_TABS.find((name) => name === asked) ?? "changes";
  const readable = readableAt(job);
  useShortcuts(
    running
      ? [
          {
            id: "job cancel",
            keys: "x",
            label: "Cancel this job",
            group: "Job",
            run: () => actions.cancel.mutate(job.id),
          },
        ]
      : [],
  );
  const openTab = (next: string) =>
    window.history.replaceState(null, "", next === "changes" ? window.location.pathname : `?tab=${next}`);
  return (
    <div>
      <JobHeader job={job} steps={steps} actions={actions} />
      <JobFailure job={job} />
      <div className="grid grid-cols-[minmax(0,1fr)] border-b border-line xl:grid-cols-[minmax(0,1fr)_minmax(0,540px)]">
        <section aria-label="Steps" className="border-line px-3 py-3 max-xl:border-b md:px-6 xl:border-r">
          <div className="mb-1 flex h-7 items-center">
            <h2 className="flex-1 text-head font-semibold">Steps</h2>
            <span className="text-meta text-ink-3">ms from accepted</span>
          </div>
          <div className="pb-6">
            <Waterfall
              steps={steps}
              selected={step}
              onSelect={(name) => setStep(name === step ? undefined : name)}
              readable={
                readable === undefined ? undefined : { at: readable, label: `readable as v${job.version}` }
              }
            />
          </div>
        </section>
        <div className="px-3 py-3 md:px-6 xl:pl-5">
          <JobLog
            lines={log}
            step={step}
            onAllSteps={() => setStep(undefined)}
            origin={Date.parse(job.submittedAt)}
            running={running}
          />
        </div>
      </div>
      <div className="px-4 pb-6 md:px-6">
        <JobTabs job={job} tab={tab} onTab={openTab} />
      </div>
    </div>
  );
}
