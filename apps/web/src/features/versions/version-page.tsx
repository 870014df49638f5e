"use client";

import { useQuery } from "@tanstack/react-query";
import type { Model } from "@teatree/shared/contracts/models";
import type { Version } from "@teatree/shared/contracts/versions";
import { modelQuery, recentVersionsQuery, versionQuery } from "../../clients/queries.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Bytes, Num, Timestamp } from "../../ui/figures.tsx";
import { formatDelta, formatNumber, plural } from "../../ui/format.ts";
import { Columns, FactBar, Page, PageHead, Section, TextLink } from "../../ui/page.tsx";
import { Skeleton, SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { VersionStrip } from "../../ui/version-strip.tsx";
import { compareHref } from "../compare/index.ts";
import { ForkButton, RestoreButton } from "../jobs/index.ts";
import { RemovedVersion, removalOf, VersionTitle } from "../retention/index.ts";
import { LoadError } from "../shell/index.ts";
import { ArchiveCard } from "./archive-card.tsx";
import { DownloadCard } from "./download-card.tsx";
import { IntentsList } from "./intents-list.tsx";
import { VersionTables } from "./version-tables.tsx";

/** One version: what its intents changed, its file, its archive, and the way back to it. */
export function VersionPage({ model: name, version: number }: { model: string; version: number }) {
  const model = useQuery(modelQuery(name));
  const version = useQuery(versionQuery(name, number));
  if (model.data && version.data) return <Loaded model={model.data} version={version.data} />;
  const error = model.error ?? version.error;
  const removal = removalOf(version.error);
  return (
    <Page>
      <PageHead
        title={
          <>
            {name} <span className="font-mono text-[19px]">v{number}</span>
          </>
        }
      />
      {removal ? (
        <RemovedVersion model={name} version={number} removal={removal} />
      ) : error ? (
        <LoadError
          what={`Version ${number} of ${name}`}
          error={error}
          onRetry={() => {
            void model.refetch();
            void version.refetch();
          }}
        />
      ) : (
        <SkeletonRows rows={10} label="Loading the version" />
      )}
    </Page>
  );
}

/** The versions around one: it and its neighbours, so that the strip leads both ways. */
function Neighbours({ model, selected }: { model: Model; selected: number }) {
  const { data, isPending } = useQuery(recentVersionsQuery(model.name, 50));
  if (isPending) return <Skeleton className="h-12 w-64" />;
  const all = [...(data?.items ?? [])].reverse();
  const at = all.findIndex(({ version }) => version === selected);
  if (at < 0) return null;
  const from = Math.max(0, Math.min(at - 3, all.length - 7));
  const shown = all.slice(from, from + 7).map(({ version, newBytes, name }) => ({
    version,
    newBytes,
    name,
    href: `/models/${model.name}/versions/${version}`,
  }));
  return <VersionStrip versions={shown} selected={selected} />;
}

function summaryFacts(version: Version) {
  const rows = version.tables.reduce((sum, table) => sum + table.rows, 0);
  const delta = version.tables.reduce((sum, table) => sum + table.rowsDelta, 0);
  const changed = version.tables.filter((table) => table.changed).length;
  const share = version.bytes > 0 ? (version.newBytes / version.bytes) * 100 : 0;
  return [
    {
      label: "Tables",
      value: (
        <>
          <Num value={version.tables.length} /> <small>{changed} changed</small>
        </>
      ),
    },
    {
      label: "Rows",
      value: (
        <>
          <Num value={rows} /> <small>{formatDelta(delta)}</small>
        </>
      ),
    },
    { label: "Size", value: <Bytes value={version.bytes} /> },
    {
      label: "New bytes",
      value: (
        <>
          <Bytes value={version.newBytes} /> <small>{share >= 99.95 ? "100" : share.toFixed(1)} %</small>
        </>
      ),
    },
    { label: "Intents", value: <Num value={version.intents.length} /> },
    {
      label: "Archive",
      value: (
        <StateBadge
          state={version.archived ? "stored" : "pending"}
          label={version.archived ? undefined : "being stored"}
          className="h-6"
        />
      ),
    },
  ];
}

function Loaded({ model, version }: { model: Model; version: Version }) {
  const isCurrent = version.version === model.currentVersion;
  return (
    <Page>
      <PageHead
        title={
          <>
            {model.name} <span className="font-mono text-[19px]">v{version.version}</span>
          </>
        }
        state={
          <>
            {isCurrent ? (
              <StateBadge state="current" pill />
            ) : (
              <StateBadge
                state="stale"
                pill
                label={`${formatNumber(model.currentVersion - version.version)} behind v${model.currentVersion}`}
              />
            )}
            <VersionTitle model={model.name} version={version} />
          </>
        }
        actions={
          <>
            <Neighbours model={model} selected={version.version} />
            <span className="w-2 max-md:hidden" />
            {isCurrent ? null : (
              <RestoreButton model={model.name} version={version.version} label="Restore" />
            )}
            <ForkButton model={model.name} version={version.version} />
            {version.parent === null ? null : (
              <ButtonLink href={compareHref(model.name, version.parent, version.version)} icon="compare">
                Compare with v{version.parent}
              </ButtonLink>
            )}
            <ButtonLink href={`/notebooks/new?model=${encodeURIComponent(model.name)}`} icon="notebook">
              New notebook
            </ButtonLink>
          </>
        }
      >
        <Timestamp at={version.createdAt} />
        {version.parent === null ? " · the first version" : null}
        {version.parent === null ? null : (
          <>
            {" · from "}
            <TextLink href={`/models/${model.name}/versions/${version.parent}`}>v{version.parent}</TextLink>
          </>
        )}
        {" · "}
        {plural(version.intents.length, "intent")}
      </PageHead>
      <FactBar facts={summaryFacts(version)} />
      <Columns
        side={
          <>
            <DownloadCard model={model.name} version={version.version} primary />
            <ArchiveCard model={model.name} version={version} />
          </>
        }
      >
        <Section title="Tables">
          {version.tables.length === 0 ? (
            <EmptyState icon="table" title="No table in this version" hint="Its intents left none behind." />
          ) : (
            <VersionTables model={model.name} version={version} isCurrent={isCurrent} />
          )}
        </Section>
        <Section
          title="Intents, in order"
          aside={
            <span className="text-meta text-ink-3">
              {version.intents.length > 1 ? "one batch, one version" : null}
            </span>
          }
        >
          <IntentsList intents={version.intents} />
        </Section>
      </Columns>
    </Page>
  );
}
