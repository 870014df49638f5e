import { queryOptions } from "@tanstack/react-query";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";

// Under the key of versions: a new version makes them stale, too.
export const retentionQuery = (model: string) =>
  queryOptions({
    queryKey: [KEYS.versions, model, "retention"],
    queryFn: ({ signal }) => api.getRetention({ params: { model } }, { signal }),
  });

export const storageQuery = (model: string) =>
  queryOptions({
    queryKey: [KEYS.versions, model, "storage"],
    queryFn: ({ signal }) => api.getStorage({ params: { model } }, { signal }),
  });
