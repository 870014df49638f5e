import type { ApiClient } from "@teatree/shared/client/api";

export type Route = {
  /** In names of tests and of pictures. */
  name: string;
  path(api: ApiClient): Promise<string> | string;
  /** Text that is there once the page shows what it is for. */
  shows: string | RegExp;
  /** What the browser says of the answer that the page is about. */
  complaint?: RegExp;
};

/** Every page there is, on the flights sample. */
export const ROUTES: Route[] = [
  { name: "home", path: () => "/", shows: "Flights in five cells" },
  { name: "models", path: () => "/models", shows: "flights" },
  { name: "model", path: () => "/models/flights", shows: "sha256sum" },
  { name: "table", path: () => "/models/flights/tables/airports", shows: "latitude" },
  { name: "versions", path: () => "/models/flights/versions", shows: "v1" },
  { name: "version", path: () => "/models/flights/versions/2", shows: "sha256sum" },
  { name: "compare", path: () => "/models/flights/compare/1...2", shows: /that differ|No differences/ },
  { name: "notebooks", path: () => "/notebooks", shows: "Flights in five cells" },
  { name: "notebook", path: sampleNotebook, shows: "delay_by_hour" },
  { name: "jobs", path: () => "/jobs", shows: "import" },
  { name: "job", path: firstJob, shows: "Readable after" },
  { name: "inbox", path: () => "/inbox", shows: "Mark all as read" },
  { name: "settings", path: () => "/settings", shows: "Keyboard shortcuts" },
  { name: "polars-reference", path: () => "/polars", shows: "LazyGroupBy" },
  {
    name: "not-found",
    path: () => "/no/such/page",
    shows: "There is no page at this address",
    complaint: /404/,
  },
];

async function sampleNotebook(api: ApiClient): Promise<string> {
  const { items } = await api.listNotebooks({ query: { limit: 200 } });
  return `/notebooks/${items.find(({ title }) => title === "Flights in five cells")?.id}`;
}

async function firstJob(api: ApiClient): Promise<string> {
  const { items } = await api.listJobs({ query: { model: "flights", function: "import" } });
  return `/jobs/${items.at(-1)?.id}`;
}
