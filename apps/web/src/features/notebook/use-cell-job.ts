"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { isFinal, type Job, JobEvent } from "@teatree/shared/contracts/jobs";
import { useEffect } from "react";
import { api } from "../../clients/page-api.ts";
import { jobQuery } from "../../clients/queries.ts";
import { withJobEvent } from "./job-events.ts";

const KINDS = ["state", "progress", "step"] as const;

/** The job with its newest state: events as they come, and a question every few seconds should they not come. */
export function useCellJob(jobId: string | null): Job | null {
  const client = useQueryClient();
  const query = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null });
  const job = query.data ?? null;
  const over = job !== null && isFinal(job.status);

  useEffect(() => {
    if (jobId === null || over) return;
    const { queryKey } = jobQuery(jobId);
    const source = new EventSource(api.jobEventsUrl(jobId));
    const onEvent = (message: MessageEvent<string>) => {
      const event = readEvent(message);
      if (!event) return;
      client.setQueryData(queryKey, (before) => before && withJobEvent(before, event));
      // The outcome, its changes and its error stand in the job itself.
      if (event.kind === "state") void client.invalidateQueries({ queryKey });
    };
    for (const kind of KINDS) source.addEventListener(kind, onEvent);
    return () => source.close();
  }, [jobId, over, client]);
  return job;
}

function readEvent(message: MessageEvent<string>): JobEvent | null {
  try {
    const parsed = JobEvent.safeParse({ ...JSON.parse(message.data), kind: message.type });
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
