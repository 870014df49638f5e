import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { RowChange } from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { QueryId } from "@teatree/shared/contracts/ids";
import { QUERY_HEADERS } from "@teatree/shared/contracts/query";
import { useState } from "react";
import { v7 as uuidv7 } from "uuid";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";

const PAGE_ROWS = 100;
const PROGRESS_EVERY_MS = 300;

export type Range = { model: string; before: number; after: number };
export type RowChoice = { table: string; key: string | undefined; change: RowChange | undefined };

const pathOf = ({ model, before, after }: Range) => ({ model, range: `${before}...${after}` });

function firstPage(): string | undefined {
  return undefined;
}

/** What is known of two versions without reading a row. Neither ever changes. */
export const tablesQuery = (range: Range) =>
  queryOptions({
    queryKey: [KEYS.versions, range.model, "compare", range.before, range.after],
    queryFn: ({ signal }) => api.compareVersions({ params: pathOf(range) }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

const rowsQuery = (range: Range, { table, key, change }: RowChoice, onId: (id: QueryId | null) => void) =>
  infiniteQueryOptions({
    queryKey: [KEYS.versions, range.model, "compare", range.before, range.after, table, key, change],
    queryFn: async ({ signal, pageParam }) => {
      const id = QueryId.parse(uuidv7());
      onId(id);
      try {
        const query = { table, key, change, limit: PAGE_ROWS, cursor: pageParam };
        const headers = { [QUERY_HEADERS.queryId]: id };
        return await api.compareVersions({ params: pathOf(range), query }, { signal, headers });
      } finally {
        onId(null);
      }
    },
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // The counts stay while another kind of row is asked for.
    placeholderData: (held, of) =>
      of?.queryKey[3] === range.before &&
      of.queryKey[4] === range.after &&
      of.queryKey[5] === table &&
      of.queryKey[6] === key
        ? held
        : undefined,
  });

/** The rows of one table that differ, page by page; who leaves the page stops the comparison. */
export function useRows(range: Range, choice: RowChoice) {
  const [id, setId] = useState<QueryId | null>(null);
  const rows = useInfiniteQuery(rowsQuery(range, choice, setId));
  const isComparing = rows.isFetching && !rows.isFetchingNextPage && !rows.isPlaceholderData;
  const progress = useQuery({
    queryKey: ["query-progress", id],
    queryFn: async ({ signal }) => {
      if (id === null) return null;
      // It may have ended since, or not have begun.
      const found = await api.getQueryProgress({ params: { query: id } }, { signal }).catch(() => null);
      return found?.progress ?? null;
    },
    enabled: id !== null && isComparing,
    refetchInterval: PROGRESS_EVERY_MS,
    gcTime: 0,
  });
  return {
    ...rows,
    isComparing,
    progress: progress.data ?? null,
    wasStopped: rows.error instanceof TeatreeError && rows.error.code === "cancelled",
    stop: () => {
      if (id !== null) api.cancelQuery({ params: { query: id } }).catch(() => undefined);
    },
  };
}
