"use client";

import type { Notification } from "@teatree/shared/contracts/notifications";
import Link from "next/link";
import { VersionName } from "../../ui/chip.tsx";
import { cx } from "../../ui/class-names.ts";
import { Time } from "../../ui/figures.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";

/** One notification on one line: unread dot, where, what, when. The whole leads to its job. */
export function NotificationRow({
  notification,
  onOpen,
  withState,
}: {
  notification: Notification;
  onOpen?: () => void;
  withState?: boolean;
}) {
  const { model, version, title, summary, kind, jobId, readAt, createdAt } = notification;
  const unread = readAt === null;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 border-b border-hair py-1.5 hover:bg-hover">
      <span className="w-1.5 flex-none">
        {unread ? (
          <>
            <span className="block size-1.5 rounded-full bg-leaf" />
            <span className="sr-only">unread</span>
          </>
        ) : null}
      </span>
      <span className="w-32 flex-none truncate max-md:w-auto max-md:max-w-40">
        <Link
          href={version === null ? `/models/${model}` : `/models/${model}/versions/${version}`}
          className={cx("inline-block leading-6 hover:underline", unread && "font-medium")}
        >
          {model} {version === null ? null : <VersionName version={version} />}
        </Link>
      </span>
      {withState ? <StateBadge state={kind} className="w-22 flex-none" /> : null}
      <Link
        href={`/jobs/${jobId}`}
        onClick={onOpen}
        className="min-w-0 flex-1 truncate leading-6 hover:underline max-md:order-last max-md:basis-full max-md:pl-4.5"
        title={summary}
      >
        <span className={cx(unread && "font-medium")}>{title}</span>
        {summary !== "" && summary !== title ? <span className="ml-2 text-ink-2">{summary}</span> : null}
      </Link>
      <Time at={createdAt} className="w-20 flex-none text-right text-meta text-ink-3 max-md:ml-auto" />
    </div>
  );
}
