"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";

/** Collect and compact, with what was shown before read again. */
export function useRetentionActions(model: string) {
  const client = useQueryClient();
  const router = useRouter();
  const collect = useMutation({
    mutationFn: () => api.collect({ params: { model } }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEYS.versions, model] }),
  });
  const compact = useMutation({
    mutationFn: () => api.submitIntent(model, { function: "compact", args: {} }),
    onSuccess: ({ jobId }) => router.push(`/jobs/${jobId}`),
  });
  return { collect, compact };
}
