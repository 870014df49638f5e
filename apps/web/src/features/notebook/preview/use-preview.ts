"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Preview } from "@teatree/shared/contracts/preview";
import { useEffect } from "react";
import { api } from "../../../clients/page-api.ts";
import { KEYS } from "../../../clients/queries.ts";
import type { SubmittedCall } from "../submitted-call.ts";

export type PreviewState = {
  is: "running" | "done" | "stopped" | "unavailable";
  /** The newest that came; of an older version while the next one runs. */
  preview: Preview | undefined;
  error: unknown;
  stop: () => void;
  again: () => void;
};

/** Tries the call on a copy of the version; again when the version moves. It ends when nobody shows it any more. */
export function usePreview(
  model: string | undefined,
  version: number,
  call: SubmittedCall | null,
): PreviewState {
  const client = useQueryClient();
  const queryKey = ["submit preview", model, version, call];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      if (call === null) throw new Error("Nothing to preview.");
      const base = version > 0 ? { baseVersion: version } : {};
      const body = { ...call, ...base };
      return api.previewIntent({ params: { model: model ?? "" }, body }, { signal });
    },
    enabled: model !== undefined && call !== null,
    // What it says of a version stays true, but who opens the sheet again wants to see it run.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
    retry: (failures, error) => failures < 3 && error instanceof TeatreeError && error.status === 503,
  });
  const isBehind = query.error instanceof TeatreeError && query.error.code === "base_version_stale";
  useEffect(() => {
    // The news of the version is on its way; whoever is here first fetches it.
    if (isBehind) void client.invalidateQueries({ queryKey: [KEYS.model] });
  }, [isBehind, client]);
  return {
    is: stateOf(query),
    preview: query.data,
    error: query.error,
    stop: () => void client.cancelQueries({ queryKey }),
    again: () => void query.refetch(),
  };
}

function stateOf(query: {
  isFetching: boolean;
  isError: boolean;
  isPending: boolean;
  isPlaceholderData: boolean;
}): PreviewState["is"] {
  if (query.isFetching) return "running";
  if (query.isError) return "unavailable";
  return query.isPending || query.isPlaceholderData ? "stopped" : "done";
}
