"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Fragment } from "react";
import { recentJobsQuery, recentNotificationsQuery } from "../../clients/queries.ts";
import { IconButton } from "../../ui/button.tsx";
import { chipClass } from "../../ui/chip.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { ConnectionChip } from "./connection-chip.tsx";
import { keysForPeople } from "./key-sequence.ts";
import { type Crumb, useCurrentPlace } from "./place.ts";
import { useIsMac } from "./platform.ts";

function Breadcrumb({ trail }: { trail: Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="flex min-w-0 items-center gap-1.5 whitespace-nowrap">
      {trail.map((crumb, index) => (
        <Fragment key={`${crumb.label}-${crumb.href ?? "here"}`}>
          {index > 0 ? (
            <span aria-hidden="true" className="text-control max-md:nth-2:hidden">
              /
            </span>
          ) : null}
          {crumb.href === undefined ? (
            <span aria-current="page" className="truncate font-semibold">
              {crumb.label}
            </span>
          ) : (
            <Link href={crumb.href} className="text-ink-2 hover:text-ink max-md:first:hidden">
              {crumb.label}
            </Link>
          )}
        </Fragment>
      ))}
    </nav>
  );
}

function RunningPill() {
  const jobs = useQuery(recentJobsQuery({ status: "queued,running" }, 100));
  const count = jobs.data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <Link href="/jobs?status=queued,running" className={`${chipClass()} text-run`}>
      <Icon name="ring" size="s" className="spin-slow" />
      {count === 100 ? "100 or more" : count} running
    </Link>
  );
}

function Bell() {
  const unread = useQuery(recentNotificationsQuery(20)).data?.unread ?? 0;
  return (
    <Link
      href="/inbox"
      aria-label={unread === 0 ? "Inbox, nothing unread" : `Inbox, ${unread} unread`}
      title="Inbox"
      className="relative grid size-7 flex-none place-items-center rounded-m text-ink-2 hover:bg-hover hover:text-ink"
    >
      <Icon name="bell" />
      {unread > 0 ? (
        <span
          aria-hidden="true"
          className="absolute -top-0.25 -right-0.5 h-3.5 min-w-3.5 rounded-full bg-leaf px-0.75 text-center text-tiny leading-3.5 font-semibold text-on-leaf shadow-[0_0_0_2px_var(--paper)]"
        >
          {unread > 99 ? "99" : unread}
        </span>
      ) : null}
    </Link>
  );
}

/** Where one is, the way to everything, and what goes on. */
export function TopBar({ onPalette }: { onPalette: () => void }) {
  const place = useCurrentPlace(usePathname());
  const unread = useQuery(recentNotificationsQuery(20)).data?.unread ?? 0;
  const mac = useIsMac();
  const here = [...place.trail].reverse().map(({ label }) => label);
  return (
    <header className="z-20 flex h-11 min-w-0 items-center gap-2 border-b border-line bg-paper pr-2 pl-3 md:pr-3 md:pl-4">
      <title>{`${unread > 0 ? `(${unread}) ` : ""}${here.join(" · ")} · Teatree`}</title>
      <div className="min-w-0 flex-1">
        <Breadcrumb trail={place.trail} />
      </div>
      <button
        type="button"
        onClick={onPalette}
        className="flex h-7 w-[260px] flex-none items-center gap-2 rounded-m border border-line bg-raised pr-1.5 pl-2 text-ink-3 hover:border-control max-lg:w-[200px] max-md:hidden"
      >
        <Icon name="search" size="s" />
        <span className="min-w-0 flex-1 truncate text-left">Search or run a command</span>
        <Kbd>{keysForPeople("Mod+k", mac)}</Kbd>
      </button>
      <div className="flex flex-1 items-center justify-end gap-1 max-md:flex-none">
        <IconButton icon="search" label="Search or run a command" onClick={onPalette} className="md:hidden" />
        <RunningPill />
        <ConnectionChip model={place.model} />
        <Bell />
      </div>
    </header>
  );
}
