"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { allNotificationsQuery, modelsQuery } from "../../clients/queries.ts";
import { Button, ButtonLink, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SelectField } from "../../ui/form.tsx";
import { plural } from "../../ui/format.ts";
import { Page, PageHead } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { LoadError } from "../shell/index.ts";
import { NotificationRow } from "./notification-row.tsx";
import { useMarkRead } from "./use-mark-read.ts";

/** Everything that happened to the models one may read, read and unread. */
export function InboxPage() {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const filter = { model: search.get("model") ?? undefined, unread: search.has("unread") ? true : undefined };
  const list = useInfiniteQuery(allNotificationsQuery(filter));
  const models = useQuery(modelsQuery());
  const markRead = useMarkRead();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = list.data?.pages[0]?.unread ?? 0;
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    router.replace(next.size === 0 ? pathname : `${pathname}?${next}`);
  };
  return (
    <Page>
      <PageHead
        title="Inbox"
        actions={
          <Button
            icon="check"
            disabled={unread === 0}
            busy={markRead.isPending}
            onClick={() => markRead.mutate(undefined)}
          >
            Mark all as read
          </Button>
        }
      >
        {list.data
          ? unread === 0
            ? "Nothing unread."
            : `${plural(unread, "unread notification")}.`
          : "What happened to your models."}
      </PageHead>
      <div className="mb-2 flex flex-wrap gap-2">
        <SelectField
          hideLabel
          label="Read or unread"
          value={filter.unread ? "1" : ""}
          onChange={(event) => set("unread", event.target.value)}
        >
          <option value="">read and unread</option>
          <option value="1">unread only</option>
        </SelectField>
        <SelectField
          hideLabel
          label="Model"
          value={filter.model ?? ""}
          onChange={(event) => set("model", event.target.value)}
        >
          <option value="">all models</option>
          {models.data?.items.map(({ id, name }) => (
            <option key={id}>{name}</option>
          ))}
        </SelectField>
      </div>
      {list.error ? (
        <LoadError what="The inbox" error={list.error} onRetry={() => void list.refetch()} />
      ) : null}
      {list.isPending ? <SkeletonRows rows={10} label="Loading the inbox" /> : null}
      {list.data && items.length === 0 ? (
        filter.unread || filter.model ? (
          <EmptyState
            icon="inbox"
            title="Nothing here"
            hint="No notification fits. Choose other filters to see the rest."
          >
            <ButtonLink href="/inbox">Show all</ButtonLink>
          </EmptyState>
        ) : (
          <EmptyState
            icon="inbox"
            title="Nothing happened yet"
            hint="When a job is applied, fails or is cancelled, it says so here without a reload. Submit a change to see the first one."
          >
            <ButtonLink href="/notebooks/new" icon="notebook">
              New notebook
            </ButtonLink>
          </EmptyState>
        )
      ) : null}
      {items.length > 0 ? (
        <ul className="border-t border-line">
          {items.map((notification) => (
            <li key={notification.id} className="flex items-center">
              <div className="min-w-0 flex-1">
                <NotificationRow
                  notification={notification}
                  withState
                  onOpen={() =>
                    notification.readAt === null ? markRead.mutate([notification.id]) : undefined
                  }
                />
              </div>
              <span className="flex h-full w-10 flex-none justify-end">
                {notification.readAt === null ? (
                  <IconButton
                    icon="check"
                    label={`Mark “${notification.title}” as read`}
                    onClick={() => markRead.mutate([notification.id])}
                  />
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {list.hasNextPage ? (
        <div className="mt-3">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Load more
          </Button>
        </div>
      ) : null}
    </Page>
  );
}
