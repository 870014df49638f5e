"use client";

import { useQuery } from "@tanstack/react-query";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Model, ModelTable } from "@teatree/shared/contracts/models";
import Link from "next/link";
import { modelQuery, previewQuery, recentVersionsQuery } from "../../clients/queries.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { typeIcon } from "../../ui/cell-text.ts";
import { VersionName } from "../../ui/chip.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Delta, Num, Time } from "../../ui/figures.tsx";
import { formatNumber, plural } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { AsideLink, Columns, FactBar, Page, PageHead, Section, TextLink } from "../../ui/page.tsx";
import { Skeleton, SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { ValueTable } from "../../ui/value-table.tsx";
import { JobRow } from "../jobs/index.ts";
import { LoadError, usePlace } from "../shell/index.ts";

const PREVIEW_ROWS = 100;

/** One table of the current version: schema, first rows, and what wrote it. */
export function TablePage({ model: modelName, table: tableName }: { model: string; table: string }) {
  const { data, error, refetch } = useQuery(modelQuery(modelName));
  const table = data?.tables.find(({ name }) => name === tableName);
  usePlace({
    trail: [
      { label: modelName, href: `/models/${modelName}` },
      { label: "Tables", href: `/models/${modelName}` },
      { label: tableName },
    ],
    model: modelName,
  });
  if (data && table) return <Loaded model={data} table={table} />;
  if (error) {
    return (
      <Page>
        <LoadError what={`The table ${tableName}`} error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHead title={tableName} />
      {data ? (
        <EmptyState
          icon="table"
          title={`${modelName} has no table ${tableName}`}
          hint="It may have been dropped or named anew. Older versions may still hold it."
        >
          <ButtonLink href={`/models/${modelName}`}>See the tables of {modelName}</ButtonLink>
          <ButtonLink href={`/models/${modelName}/versions`}>See its versions</ButtonLink>
        </EmptyState>
      ) : (
        <SkeletonRows rows={8} label="Loading the table" />
      )}
    </Page>
  );
}

function Preview({ model, table }: { model: Model; table: ModelTable }) {
  const { data, error, isPending, refetch } = useQuery(
    previewQuery(model.name, model.currentVersion, table.name, PREVIEW_ROWS),
  );
  if (isPending) return <SkeletonRows rows={8} height="h-7" label="Loading the first rows" />;
  if (error)
    return (
      <LoadError
        what="The first rows"
        error={error instanceof TeatreeError ? error : undefined}
        onRetry={() => void refetch()}
      />
    );
  return (
    <ValueTable
      label={`First rows of ${table.name}`}
      columns={data.columns}
      rows={data.rows}
      footer={
        <span>
          <b className="font-medium text-ink-2">
            {data.truncated ? `first ${formatNumber(data.rows.length)}` : plural(data.rows.length, "row")}
          </b>
          {data.truncated ? ` of ${formatNumber(table.rows)}` : ""}{" "}
          <span className="ml-2">v{data.version}</span>
        </span>
      }
    />
  );
}

function Writers({ model, table }: { model: Model; table: ModelTable }) {
  const { data } = useQuery(recentVersionsQuery(model.name, 20));
  if (data === undefined) return <Skeleton />;
  const writers = data.items.flatMap((version) => {
    const then = version.tables.find(({ name }) => name === table.name);
    return then?.changed ? [{ version, delta: then.rowsDelta }] : [];
  });
  if (writers.length === 0)
    return <p className="text-ink-3">None of the last {data.items.length} versions wrote it.</p>;
  return (
    <Table label="Versions that wrote this table">
      <thead>
        <tr>
          <Th>Version</Th>
          <Th numeric>Rows</Th>
          <Th>Intents</Th>
          <Th numeric>When</Th>
        </tr>
      </thead>
      <tbody>
        {writers.map(({ version, delta }) => (
          <Tr key={version.version}>
            <Td>
              <Link href={`/models/${model.name}/versions/${version.version}`} className="hover:underline">
                <VersionName version={version.version} />
              </Link>
            </Td>
            <Td numeric>
              <Delta value={delta} />
            </Td>
            <Td quiet>{formatNumber(version.intents.length)}</Td>
            <Td numeric quiet>
              <Time at={version.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Loaded({ model, table }: { model: Model; table: ModelTable }) {
  return (
    <Page wide>
      <PageHead
        title={table.name}
        state={<StateBadge state={table.behind ? "behind" : "current"} pill />}
        actions={
          <ButtonLink
            href={`/notebooks/new?model=${encodeURIComponent(model.name)}&title=${encodeURIComponent(table.name)}`}
            icon="notebook"
            variant="primary"
          >
            New notebook
          </ButtonLink>
        }
      >
        A table of <TextLink href={`/models/${model.name}`}>{model.name}</TextLink> in{" "}
        <TextLink href={`/models/${model.name}/versions/${model.currentVersion}`}>
          v{model.currentVersion}
        </TextLink>
        {table.behind ? `. One of ${table.from.join(", ")} has moved on since it was computed.` : null}
      </PageHead>
      <FactBar
        facts={[
          { label: "Rows", value: <Num value={table.rows} /> },
          { label: "Columns", value: <Num value={table.columns.length} /> },
          {
            label: "Computed from",
            value: table.from.length === 0 ? <small>nothing else</small> : table.from.join(", "),
          },
        ]}
      />
      <Columns
        side={
          <>
            <Section
              title="Schema"
              aside={<span className="text-meta text-ink-3">{plural(table.columns.length, "column")}</span>}
            >
              <ul>
                {table.columns.map((column) => (
                  <li key={column.name} className="flex h-7 items-center gap-2 border-t border-hair">
                    <Icon name={typeIcon(column.type)} size="s" className="text-ink-3" />
                    <span className="min-w-0 flex-1 truncate" title={column.name}>
                      {column.name}
                    </span>
                    <span className="max-w-36 truncate font-mono text-micro text-ink-3" title={column.type}>
                      {column.type.toLowerCase()}
                      {column.nullable ? "" : " not null"}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
            <Section
              title="Written by"
              aside={<AsideLink href={`/models/${model.name}/versions`}>All versions</AsideLink>}
            >
              {table.writtenBy === null ? null : <JobRow id={table.writtenBy} />}
              <Writers model={model} table={table} />
            </Section>
          </>
        }
      >
        <Section title="Preview">
          <Preview model={model} table={table} />
        </Section>
      </Columns>
    </Page>
  );
}
