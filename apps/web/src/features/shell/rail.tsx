"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { meQuery } from "../../clients/queries.ts";
import { Initials } from "../../ui/chip.tsx";
import { cx } from "../../ui/class-names.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";

const PLACES: { href: string; label: string; icon: IconName }[] = [
  { href: "/", label: "Home", icon: "home" },
  { href: "/models", label: "Models", icon: "database" },
  { href: "/notebooks", label: "Notebooks", icon: "notebook" },
  { href: "/jobs", label: "Jobs", icon: "jobs" },
  { href: "/inbox", label: "Inbox", icon: "inbox" },
];

function isHere(pathname: string, href: string) {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}

function RailLink({
  href,
  label,
  icon,
  className,
}: {
  href: string;
  label: string;
  icon: IconName;
  className?: string;
}) {
  const here = isHere(usePathname(), href);
  return (
    <Link
      href={href}
      title={label}
      aria-label={label}
      aria-current={here ? "page" : undefined}
      className={cx(
        "relative grid h-10 w-11 place-items-center rounded-m md:h-8 md:w-9",
        here
          ? "bg-leaf-soft text-leaf-ink before:absolute before:inset-x-2 before:-top-1 before:h-0.5 before:bg-leaf md:before:inset-x-auto md:before:inset-y-1.75 md:before:-left-1.5 md:before:h-auto md:before:w-0.5"
          : "text-ink-3 hover:bg-hover hover:text-ink",
        className,
      )}
    >
      <Icon name={icon} size="l" />
    </Link>
  );
}

/** Narrow rail at the left; below 720 px a bar at the bottom. */
export function Rail() {
  const me = useQuery(meQuery());
  return (
    <nav
      aria-label="Main"
      className="z-20 flex items-center gap-1 border-line bg-well max-md:order-last max-md:h-12 max-md:justify-around max-md:border-t max-md:px-2 md:row-span-2 md:flex-col md:border-r md:pt-1.5 md:pb-2"
    >
      <Link
        href="/"
        aria-label="Teatree"
        title="Teatree"
        className="mb-2 hidden h-8 w-9 place-items-center text-leaf md:grid"
      >
        <Icon name="leaf" size="l" />
      </Link>
      {PLACES.map((place) => (
        <RailLink key={place.href} {...place} />
      ))}
      <span className="flex-1 max-md:hidden" />
      <RailLink href="/settings" label="Settings" icon="settings" />
      {me.data ? (
        <span className="grid size-8 place-items-center max-md:hidden">
          <Initials name={me.data.name} size="l" />
        </span>
      ) : (
        <span className="size-8 max-md:hidden" />
      )}
    </nav>
  );
}
