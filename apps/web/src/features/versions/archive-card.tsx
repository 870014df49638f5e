"use client";

import { useQuery } from "@tanstack/react-query";
import type { Version } from "@teatree/shared/contracts/versions";
import { archiveQuery } from "../../clients/queries.ts";
import { VersionName } from "../../ui/chip.tsx";
import { Bytes } from "../../ui/figures.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Section } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { LoadError } from "../shell/index.ts";

/** The Parquet file of each table, as kept in the object store. */
export function ArchiveCard({ model, version }: { model: string; version: Version }) {
  const { data, error, isPending, refetch } = useQuery(
    archiveQuery(model, version.version, version.archived),
  );
  const fromElsewhere = data?.files.some(({ fromVersion }) => fromVersion !== version.version) ?? false;
  return (
    <Section
      title="Parquet archive"
      aside={
        <StateBadge
          state={version.archived ? "stored" : "pending"}
          label={version.archived ? undefined : "being stored"}
        />
      }
    >
      {isPending ? <SkeletonRows rows={2} height="h-7" label="Loading the archive" /> : null}
      {error ? <LoadError what="The archive" error={error} onRetry={() => void refetch()} /> : null}
      {data && data.files.length === 0 ? (
        <p className="text-ink-3">
          {version.archived
            ? "This version has no table to archive."
            : "Files appear here a moment after the version."}
        </p>
      ) : null}
      <ul>
        {data?.files.map((file) => (
          <li key={file.table} className="flex h-7 items-center gap-2 border-t border-hair">
            <Icon name="file" size="s" className="text-ink-3" />
            <span className="min-w-0 flex-1 truncate font-mono text-meta" title={file.key}>
              {file.table}.parquet
            </span>
            <VersionName version={file.fromVersion} className="text-ink-3" />
            <span className="w-18 text-right text-ink-2">
              <Bytes value={file.bytes} />
            </span>
            <a
              href={file.href}
              download={`${model}-v${version.version}-${file.table}.parquet`}
              aria-label={`Download ${file.table}.parquet`}
              title={`Download ${file.table}.parquet`}
              className="grid size-6 place-items-center rounded-m text-ink-2 hover:bg-hover hover:text-ink"
            >
              <Icon name="download" size="s" />
            </a>
          </li>
        ))}
      </ul>
      {fromElsewhere ? (
        <p className="mt-1 text-meta text-ink-3">Unchanged tables point at the version that wrote them.</p>
      ) : null}
    </Section>
  );
}
