"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Job } from "@teatree/shared/contracts/jobs";
import { v7 as uuidv7 } from "uuid";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";
import { explain, say } from "../shell/index.ts";

/** Cancel, and undo by a restore that the cell then follows. */
export function useJobCommands(job: Job, onFollow: (jobId: string) => void) {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: [KEYS.job, job.id] });
    void client.invalidateQueries({ queryKey: [KEYS.jobs] });
  };
  const failed = (what: string) => (error: unknown) => {
    const { title, advice } = explain(error);
    say(what, { detail: [title, advice].filter(Boolean).join(" "), tone: "fail" });
    refresh();
  };
  const cancel = useMutation({
    mutationFn: () => api.cancelJob({ params: { job: job.id } }),
    onSuccess: refresh,
    onError: failed("The job could not be cancelled"),
  });
  const restore = useMutation({
    mutationFn: (version: number) =>
      api.submitIntent(job.model, {
        id: uuidv7(),
        function: "restore",
        args: { version },
        ...(job.notebookId === null ? {} : { notebookId: job.notebookId }),
      }),
    onSuccess: ({ jobId }) => {
      refresh();
      onFollow(jobId);
    },
    onError: failed("The restore was not submitted"),
  });
  return { cancel, restore };
}
