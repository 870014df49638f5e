"use client";

import { useQuery } from "@tanstack/react-query";
import type { ArchiveFile, Version } from "@teatree/shared/contracts/versions";
import { archiveQuery } from "../../clients/queries.ts";
import { VersionName } from "../../ui/chip.tsx";
import { Bytes } from "../../ui/figures.tsx";
import { plural } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Section } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { LoadError } from "../shell/index.ts";

/** The Parquet files of each table, as kept in the object store. */
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
        {[...Map.groupBy(data?.files ?? [], ({ table }) => table)].map(([table, parts]) => (
          <TableFiles key={table} prefix={`${model}-v${version.version}-`} table={table} parts={parts} />
        ))}
      </ul>
      {fromElsewhere ? (
        <p className="mt-1 text-meta text-ink-3">What is unchanged points at the version that wrote it.</p>
      ) : null}
    </Section>
  );
}

/** One line for a table that is one file; else one for the whole, and one for each part below it. */
function TableFiles({ prefix, table, parts }: { prefix: string; table: string; parts: ArchiveFile[] }) {
  const [only, ...more] = parts;
  const name = `${table}.parquet`;
  if (only && more.length === 0) return <FileLine file={only} label={name} download={prefix + name} />;
  return (
    <li>
      <div className="flex h-7 items-center gap-2 border-t border-hair">
        <Icon name="file" size="s" className="text-ink-3" />
        <span className="min-w-0 flex-1 truncate font-mono text-meta">
          {name}, {parts.length} parts
        </span>
        <span className="w-18 text-right text-ink-2">
          <Bytes value={parts.reduce((sum, { bytes }) => sum + bytes, 0)} />
        </span>
        <span className="size-6" />
      </div>
      <ul className="pl-6">
        {parts.map((file) => (
          <FileLine
            key={file.part}
            file={file}
            label={`part ${file.part}, ${plural(file.rows, "row")}`}
            download={`${prefix}${table}-part${file.part}.parquet`}
          />
        ))}
      </ul>
    </li>
  );
}

function FileLine({ file, label, download }: { file: ArchiveFile; label: string; download: string }) {
  return (
    <li className="flex h-7 items-center gap-2 border-t border-hair">
      <Icon name="file" size="s" className="text-ink-3" />
      <span className="min-w-0 flex-1 truncate font-mono text-meta" title={file.key}>
        {label}
      </span>
      <VersionName version={file.fromVersion} className="text-ink-3" />
      <span className="w-18 text-right text-ink-2">
        <Bytes value={file.bytes} />
      </span>
      <a
        href={file.href}
        download={download}
        aria-label={`Download ${download}`}
        title={`Download ${download}`}
        className="grid size-6 place-items-center rounded-m text-ink-2 hover:bg-hover hover:text-ink"
      >
        <Icon name="download" size="s" />
      </a>
    </li>
  );
}
