"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { recentVersionsQuery } from "../../clients/queries.ts";
import { VersionName } from "../../ui/chip.tsx";
import { Bytes, Delta, Time } from "../../ui/figures.tsx";
import { plural } from "../../ui/format.ts";
import { SkeletonRows } from "../../ui/skeleton.tsx";

/** The newest versions in one line each: what changed, by how many rows and bytes. */
export function RecentVersions({ model, limit }: { model: string; limit: number }) {
  const { data } = useQuery(recentVersionsQuery(model, limit));
  if (data === undefined) return <SkeletonRows rows={limit} label="Loading versions" />;
  return (
    <ul className="border-t border-line">
      {data.items.map((version, index) => {
        const changed = version.tables.filter((table) => table.changed);
        return (
          <li key={version.version}>
            <Link
              href={`/models/${model}/versions/${version.version}`}
              className="flex min-h-8 items-center gap-3 border-b border-hair hover:bg-hover"
            >
              <VersionName
                version={version.version}
                tone={index === 0 ? "leaf" : undefined}
                className="w-10"
              />
              <span className="min-w-0 flex-1 truncate">
                {version.name === null ? null : <span className="mr-2 font-medium">{version.name}</span>}
                {changed.length === 0 ? "no table changed" : changed.map(({ name }) => name).join(", ")}
              </span>
              <span className="text-meta whitespace-nowrap text-ink-3 max-md:hidden">
                {plural(version.intents.length, "intent")}
              </span>
              <span className="w-20 text-right">
                <Delta value={version.tables.reduce((sum, table) => sum + table.rowsDelta, 0)} />
              </span>
              <span className="w-18 text-right text-ink-2 max-md:hidden">
                <Bytes value={version.newBytes} />
              </span>
              <Time at={version.createdAt} className="w-20 text-right text-meta text-ink-3" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
