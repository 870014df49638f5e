"use client";

import { useQuery } from "@tanstack/react-query";
import type { Model } from "@teatree/shared/contracts/models";
import { useState } from "react";
import { modelQuery, recentJobsQuery, recentVersionsQuery } from "../../clients/queries.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Bytes, Num, Time } from "../../ui/figures.tsx";
import { AsideLink, Columns, FactBar, Page, PageHead, Section } from "../../ui/page.tsx";
import { Skeleton, SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { VersionStrip } from "../../ui/version-strip.tsx";
import { JobList } from "../jobs/index.ts";
import { RetentionSection } from "../retention/index.ts";
import { LoadError } from "../shell/index.ts";
import { DownloadCard, RecentVersions } from "../versions/index.ts";
import { FileDrop } from "./file-drop.tsx";
import { ImportDialog } from "./lazy-dialogs.tsx";
import { TablesTable } from "./tables-table.tsx";

/** One model: its current version, tables, latest changes, and the ways to use it. */
export function ModelPage({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(modelQuery(name));
  if (data) return <Loaded model={data} />;
  return (
    <Page>
      <PageHead title={name} />
      {error ? (
        <LoadError what={`The model ${name}`} error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} label="Loading the model" />
      )}
    </Page>
  );
}

function Strip({ model }: { model: Model }) {
  const { data, isPending } = useQuery(recentVersionsQuery(model.name, 8));
  const busy = useQuery(recentJobsQuery({ model: model.name, status: "running" }, 1));
  if (isPending) return <Skeleton className="h-12 w-64" />;
  const versions = [...(data?.items ?? [])].reverse().map(({ version, newBytes, name }) => ({
    version,
    newBytes,
    name,
    href: `/models/${model.name}/versions/${version}`,
  }));
  if (versions.length === 0) return null;
  return (
    <div className="mb-3 max-w-full overflow-x-auto">
      <VersionStrip
        versions={versions}
        selected={model.currentVersion}
        coming={busy.data?.items.length ? model.currentVersion + 1 : undefined}
      />
    </div>
  );
}

function Actions({ model, onImport }: { model: Model; onImport: () => void }) {
  const query = `model=${encodeURIComponent(model.name)}`;
  return (
    <>
      <Button icon="upload" onClick={onImport}>
        Import
      </Button>
      <ButtonLink href={`/notebooks/new?${query}`} icon="notebook" variant="primary">
        New notebook
      </ButtonLink>
    </>
  );
}

function Loaded({ model }: { model: Model }) {
  const [importing, setImporting] = useState<{ file?: File }>();
  const empty = model.currentVersion === 0;
  const behind = model.tables.filter((table) => table.behind).length;
  const rows = model.tables.reduce((sum, table) => sum + table.rows, 0);
  return (
    <Page>
      <PageHead
        title={
          <>
            {model.name}{" "}
            {empty ? null : <span className="font-mono text-[19px]">v{model.currentVersion}</span>}
          </>
        }
        state={
          empty ? (
            <StateBadge state="empty" pill />
          ) : behind > 0 ? (
            <StateBadge state="behind" label={`${behind} behind`} pill />
          ) : (
            <StateBadge state="current" pill />
          )
        }
        actions={<Actions model={model} onImport={() => setImporting({})} />}
      >
        {model.description ?? "No description."}
      </PageHead>
      <FactBar
        facts={[
          { label: "Tables", value: <Num value={model.tables.length} /> },
          { label: "Rows", value: <Num value={rows} /> },
          { label: "Size", value: <Bytes value={model.sizeBytes} /> },
          { label: "Changed", value: empty ? "never" : <Time at={model.updatedAt} /> },
          { label: "Created", value: <Time at={model.createdAt} /> },
        ]}
      />
      <Columns
        side={
          <>
            {empty ? null : <DownloadCard model={model.name} version={model.currentVersion} />}
            <Section
              title="Latest jobs"
              aside={<AsideLink href={`/jobs?model=${model.name}`}>All jobs</AsideLink>}
            >
              <JobList filter={{ model: model.name }} limit={5} />
            </Section>
          </>
        }
      >
        <Section title="Tables">
          {model.tables.length > 0 ? (
            <TablesTable model={model} />
          ) : (
            <EmptyState
              icon="table"
              title="No table yet"
              hint="Import a file, or write CREATE TABLE in a notebook and submit the cell."
            >
              <div className="w-full max-w-md">
                <FileDrop onFile={(file) => setImporting({ file })} />
              </div>
            </EmptyState>
          )}
        </Section>
        {empty ? null : (
          <Section
            title="Versions"
            aside={<AsideLink href={`/models/${model.name}/versions`}>All versions</AsideLink>}
          >
            <p className="mb-2 text-meta text-ink-3">Height: bytes each version added.</p>
            <Strip model={model} />
            <RecentVersions model={model.name} limit={6} />
          </Section>
        )}
        {empty ? null : <RetentionSection model={model.name} />}
      </Columns>
      {importing ? (
        <ImportDialog open onClose={() => setImporting(undefined)} file={importing.file} model={model.name} />
      ) : null}
    </Page>
  );
}
