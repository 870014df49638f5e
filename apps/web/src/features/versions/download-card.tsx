"use client";

import { useQuery } from "@tanstack/react-query";
import { reachMilestone } from "../../clients/milestones.ts";
import { api } from "../../clients/page-api.ts";
import { versionQuery } from "../../clients/queries.ts";
import { ButtonLink, buttonClass } from "../../ui/button.tsx";
import { CommandLine } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Bytes } from "../../ui/figures.tsx";
import { shortHash } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { FactList, Section } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";

function Hash({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex h-5 items-center gap-1">
      <span className="min-w-0 flex-1 truncate font-mono text-meta" title={value}>
        {shortHash(value)}
      </span>
      <CopyButton text={value} label={label} />
    </span>
  );
}

/** The file of one version: where to get it, how to check it, what opens it. `primary` where it is the page's main act. */
export function DownloadCard({
  model,
  version,
  primary,
}: {
  model: string;
  version: number;
  primary?: boolean;
}) {
  const { data } = useQuery(versionQuery(model, version));
  const filename = `${model}-v${version}.duckdb`;
  if (data === undefined) {
    return (
      <Section title="Download">
        <SkeletonRows rows={5} height="h-7" label="Loading the file's facts" />
      </Section>
    );
  }
  return (
    <Section title="Download">
      <div className="flex items-baseline justify-between gap-2">
        <span className="min-w-0 truncate font-mono font-medium" title={filename}>
          {filename}
        </span>
        <Bytes value={data.bytes} />
      </div>
      <div className="mt-2 mb-3 flex flex-wrap gap-1.5">
        <a
          href={api.snapshotUrl(model, version)}
          download={filename}
          onClick={() => reachMilestone("downloaded")}
          className={buttonClass(primary ? "primary" : "secondary")}
        >
          <Icon name="download" size="s" />
          Download
        </a>
        <ButtonLink
          href={`/notebooks/new?model=${encodeURIComponent(model)}&target=device&version=${version}`}
          icon="device"
        >
          Open in this page
        </ButtonLink>
      </div>
      <FactList
        facts={[
          { label: "Opens with", value: "DuckDB 1.4 or newer, and in the browser" },
          { label: "Storage", value: <span className="font-mono text-meta">{data.storageVersion}</span> },
          { label: "Engine", value: <span className="font-mono text-meta">{data.engineVersion}</span> },
          {
            label: "SHA-256",
            value:
              data.sha256 === null ? (
                <StateBadge state="pending" label="being computed" />
              ) : (
                <Hash value={data.sha256} label="Copy SHA-256" />
              ),
          },
          { label: "Root hash", value: <Hash value={data.hash} label="Copy root hash" /> },
        ]}
      />
      {data.sha256 === null ? null : (
        <div className="mt-2">
          <CommandLine
            command={`echo "${data.sha256}  ${filename}" | sha256sum --check`}
            label="Copy the command that checks the file"
          />
        </div>
      )}
    </Section>
  );
}
