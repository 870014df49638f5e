"use client";

import { useQueryClient } from "@tanstack/react-query";
import { JobEvent } from "@teatree/shared/contracts/jobs";
import { useEffect, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { jobQuery } from "../../clients/queries.ts";
import { EMPTY_STREAM, type JobStream, withEvent } from "./job-stream.ts";

const KINDS = ["state", "progress", "step", "log"] as const;

/**
 * Follows the server-sent events of a job from its first. The browser reconnects by itself and goes on after the last
 * event it saw; the server ends the stream when nothing more can come.
 */
export function useJobStream(job: string): JobStream {
  const client = useQueryClient();
  const [stream, setStream] = useState(EMPTY_STREAM);
  useEffect(() => {
    setStream(EMPTY_STREAM);
    const source = new EventSource(api.jobEventsUrl(job));
    const seen = new Set<string>();
    const onEvent = (message: MessageEvent<string>) => {
      if (message.lastEventId !== "" && seen.has(message.lastEventId)) return;
      seen.add(message.lastEventId);
      const parsed = parseEvent(message);
      if (parsed === undefined) return;
      setStream((before) => withEvent(before, parsed));
      if (parsed.kind === "state") void client.invalidateQueries({ queryKey: jobQuery(job).queryKey });
    };
    for (const kind of KINDS) source.addEventListener(kind, onEvent);
    // The end of a finished job's stream looks like a broken connection: asking again would replay nothing for ever.
    source.onerror = () => {
      const status = client.getQueryData(jobQuery(job).queryKey)?.status;
      if (status === "applied" || status === "failed" || status === "cancelled") source.close();
    };
    return () => source.close();
  }, [job, client]);
  return stream;
}

function parseEvent(message: MessageEvent<string>): JobEvent | undefined {
  try {
    const parsed = JobEvent.safeParse({ ...JSON.parse(message.data), kind: message.type });
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
