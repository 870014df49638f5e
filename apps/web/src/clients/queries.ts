import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { isFinal, type JobListQuery } from "@teatree/shared/contracts/jobs";
import { api } from "./page-api.ts";

/** First parts of the query keys, so that a live message can say what it made stale. */
export const KEYS = {
  me: "me",
  models: "models",
  model: "model",
  versions: "versions",
  jobs: "jobs",
  job: "job",
  notebooks: "notebooks",
  notifications: "notifications",
} as const;

function firstPage(): string | undefined {
  return undefined;
}

export const meQuery = () =>
  queryOptions({
    queryKey: [KEYS.me],
    queryFn: ({ signal }) => api.getMe(undefined, { signal }),
    staleTime: 60_000,
  });

export const modelsQuery = () =>
  queryOptions({
    queryKey: [KEYS.models],
    queryFn: ({ signal }) => api.listModels({ query: { limit: 1000 } }, { signal }),
  });

export const modelQuery = (model: string) =>
  queryOptions({
    queryKey: [KEYS.model, model],
    queryFn: ({ signal }) => api.getModel({ params: { model } }, { signal }),
  });

/** Newest first. */
export const recentVersionsQuery = (model: string, limit: number) =>
  queryOptions({
    queryKey: [KEYS.versions, model, "recent", limit],
    queryFn: ({ signal }) => api.listVersions({ params: { model }, query: { limit } }, { signal }),
  });

export const allVersionsQuery = (model: string) =>
  infiniteQueryOptions({
    queryKey: [KEYS.versions, model, "all"],
    queryFn: ({ signal, pageParam }) =>
      api.listVersions({ params: { model }, query: { limit: 100, cursor: pageParam } }, { signal }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const versionQuery = (model: string, version: number) =>
  queryOptions({
    queryKey: [KEYS.versions, model, "one", version],
    queryFn: ({ signal }) => api.getVersion({ params: { model, version } }, { signal }),
    // The plain checksum and the archive come a moment after the version itself.
    refetchInterval: ({ state }) =>
      state.data && (state.data.sha256 === null || !state.data.archived) ? 2_000 : false,
  });

export const archiveQuery = (model: string, version: number, archived: boolean) =>
  queryOptions({
    queryKey: [KEYS.versions, model, "archive", version, archived],
    queryFn: ({ signal }) => api.getArchive({ params: { model, version } }, { signal }),
  });

/** The first rows of a table in one version; a version never changes, so neither does this. */
export const previewQuery = (model: string, version: number, table: string, limit: number) =>
  queryOptions({
    queryKey: [KEYS.versions, model, "preview", version, table, limit],
    queryFn: ({ signal }) =>
      api.queryJson(
        model,
        { sql: `SELECT * FROM "${table.replaceAll('"', '""')}"`, version, limit },
        { signal },
      ),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: version > 0,
  });

export type JobFilter = Pick<JobListQuery, "model" | "status" | "function">;

export const recentJobsQuery = (filter: JobFilter, limit: number) =>
  queryOptions({
    queryKey: [KEYS.jobs, "recent", filter, limit],
    queryFn: ({ signal }) => api.listJobs({ query: { ...filter, limit } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some((job) => !isFinal(job.status)) ? 2_000 : 30_000),
  });

export const allJobsQuery = (filter: JobFilter) =>
  infiniteQueryOptions({
    queryKey: [KEYS.jobs, "all", filter],
    queryFn: ({ signal, pageParam }) =>
      api.listJobs({ query: { ...filter, limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((job) => !isFinal(job.status))) ? 2_000 : false,
  });

export const jobQuery = (job: string) =>
  queryOptions({
    queryKey: [KEYS.job, job],
    queryFn: ({ signal }) => api.getJob({ params: { job } }, { signal }),
    refetchInterval: ({ state }) => (state.data && !isFinal(state.data.status) ? 3_000 : false),
  });

export const notebooksQuery = (limit: number, model?: string) =>
  queryOptions({
    queryKey: [KEYS.notebooks, "list", limit, model ?? null],
    queryFn: ({ signal }) => api.listNotebooks({ query: { limit, model } }, { signal }),
  });

/** The newest notifications of all models, with the count of unread ones. */
export const recentNotificationsQuery = (limit: number) =>
  queryOptions({
    queryKey: [KEYS.notifications, "recent", limit],
    queryFn: ({ signal }) => api.listNotifications({ query: { limit } }, { signal }),
  });

export const allNotificationsQuery = (filter: { model?: string; unread?: boolean }) =>
  infiniteQueryOptions({
    queryKey: [KEYS.notifications, "all", filter],
    queryFn: ({ signal, pageParam }) =>
      api.listNotifications({ query: { ...filter, limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
