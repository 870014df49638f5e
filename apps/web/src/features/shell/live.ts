"use client";

import type { QueryClient } from "@tanstack/react-query";
import { LiveNotification, type Notification } from "@teatree/shared/contracts/notifications";
import { connectLive, type LiveConnection, type LiveStatus } from "../../clients/nats.ts";
import { api } from "../../clients/page-api.ts";
import { KEYS, modelsQuery } from "../../clients/queries.ts";
import { catchUp, judge, mark, type Seen } from "./live-order.ts";
import { createStore, type Store } from "./store.ts";

/** What the connection chip says. */
export const connection: Store<LiveStatus> = createStore<LiveStatus>("connecting");

type Announce = (notification: Notification) => void;
const RETRY_MS = 3_000;

/**
 * The one live stream of the page: messages of every readable model make queries stale, announce themselves and move
 * the bell. Returns what stops it.
 */
export function startLive(client: QueryClient, announce: Announce): () => void {
  let seen: Seen = {};
  let live: LiveConnection | undefined;
  let stopped = false;
  let renewing = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const subscribed = new Map<string, string>();
  const reading = new Set<string>();

  const deliver = (notification: Notification) => {
    seen = mark(seen, notification);
    refresh(client, notification);
    announce(notification);
  };

  const readMissed = async (model: string, modelId: string) => {
    const after = seen[modelId];
    if (after === undefined || reading.has(modelId)) return;
    reading.add(modelId);
    try {
      const page = await api.listNotifications({ query: { model, after, limit: 1000 } });
      const missed = catchUp(seen, page.items);
      for (const notification of missed.fresh) deliver(notification);
    } finally {
      reading.delete(modelId);
    }
  };

  const receive = (payload: unknown) => {
    const parsed = LiveNotification.safeParse(payload);
    if (!parsed.success) return;
    const verdict = judge(seen, parsed.data);
    if (verdict === "deliver") deliver(parsed.data);
    else if (verdict === "gap")
      void readMissed(parsed.data.model, parsed.data.modelId).catch(() => undefined);
  };

  const subscribeAll = async () => {
    const { items } = await client.fetchQuery(modelsQuery());
    for (const { id, name } of items) {
      if (!subscribed.has(id)) live?.subscribe(`teatree.notify.${id}`, receive);
      subscribed.set(id, name);
    }
  };

  const onStatus = (status: LiveStatus) => {
    if (stopped) return;
    if (!(status === "closed" && renewing)) connection.set(() => status);
    if (status === "online") {
      renewing = false;
      for (const [id, name] of subscribed) void readMissed(name, id).catch(() => undefined);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEYS.versions });
    }
    if (status === "closed") begin(renewing ? 0 : RETRY_MS);
  };

  const begin = (afterMs: number) => {
    clearTimeout(retry);
    retry = setTimeout(() => {
      subscribed.clear();
      connectLive(onStatus)
        .then(async (next) => {
          live = next;
          if (stopped) next.close();
          else await subscribeAll();
        })
        .catch(() => {
          if (stopped) return;
          connection.set(() => "reconnecting");
          begin(RETRY_MS);
        });
    }, afterMs);
  };

  // A model made since the connection began is not among the rights that the connection was given: connect anew.
  const stopWatching = client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== "updated" || query.queryKey[0] !== KEYS.models || subscribed.size === 0) return;
    const models = client.getQueryData(modelsQuery().queryKey)?.items ?? [];
    if (live && models.some(({ id }) => !subscribed.has(id))) {
      const old = live;
      live = undefined;
      renewing = true;
      old.close();
    }
  });

  void client
    .fetchQuery({
      queryKey: [KEYS.notifications, "baseline"],
      queryFn: () => api.listNotifications({ query: { limit: 200 } }),
    })
    .then(({ items }) => {
      for (const notification of items) seen = mark(seen, notification);
    })
    .catch(() => undefined)
    .finally(() => begin(0));

  return () => {
    stopped = true;
    clearTimeout(retry);
    stopWatching();
    live?.close();
  };
}

/** Says of everything a notification touches that it must be read again. */
function refresh(client: QueryClient, { model, jobId }: Notification) {
  for (const queryKey of [
    [KEYS.models],
    [KEYS.model, model],
    [KEYS.versions, model, "recent"],
    [KEYS.versions, model, "all"],
    [KEYS.jobs],
    [KEYS.job, jobId],
    [KEYS.notifications],
  ]) {
    void client.invalidateQueries({ queryKey });
  }
}
