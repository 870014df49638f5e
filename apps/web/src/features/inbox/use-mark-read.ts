"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";
import { explain, say } from "../shell/index.ts";

/** Marks the given notifications, or all, as read. Only the reader's own act does so, never a toast. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids?: string[]) => api.markNotificationsRead({ body: { ids } }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEYS.notifications] }),
    onError: (error) => say("Marking as read did not work", { detail: explain(error).title, tone: "fail" }),
  });
}
