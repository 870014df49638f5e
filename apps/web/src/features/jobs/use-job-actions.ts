"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ModelName } from "@teatree/shared/contracts/ids";
import { useRouter } from "next/navigation";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";
import { explain, say } from "../shell/index.ts";

/** Cancel, retry, restore and fork, with their outcome said and the lists read again. */
export function useJobActions() {
  const client = useQueryClient();
  const router = useRouter();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: [KEYS.jobs] });
    void client.invalidateQueries({ queryKey: [KEYS.job] });
  };
  const onError = (what: string) => (error: unknown) => {
    const { title, advice } = explain(error);
    say(`${what} did not work`, { detail: [title, advice].filter(Boolean).join(" "), tone: "fail" });
    refresh();
  };
  const cancel = useMutation({
    mutationFn: (job: string) => api.cancelJob({ params: { job } }),
    onSuccess: refresh,
    onError: onError("Cancel"),
  });
  const retry = useMutation({
    mutationFn: (job: string) => api.retryJob({ params: { job } }),
    onSuccess: (job) => {
      refresh();
      router.push(`/jobs/${job.id}`);
    },
    onError: onError("Run again"),
  });
  const restore = useMutation({
    mutationFn: ({ model, version }: { model: string; version: number }) =>
      api.submitIntent(model, { function: "restore", args: { version } }),
    onSuccess: ({ jobId }) => {
      refresh();
      router.push(`/jobs/${jobId}`);
    },
    onError: onError("Restore"),
  });
  /** Its errors are for the dialog that asked. */
  const fork = useMutation({
    mutationFn: ({ model, ...args }: { model: string; version: number; name: ModelName }) =>
      api.submitIntent(model, { function: "fork", args }),
    onSuccess: ({ jobId }) => {
      refresh();
      void client.invalidateQueries({ queryKey: [KEYS.models] });
      router.push(`/jobs/${jobId}`);
    },
  });
  return { cancel, retry, restore, fork };
}
