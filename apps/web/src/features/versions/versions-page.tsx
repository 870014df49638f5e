"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Version } from "@teatree/shared/contracts/versions";
import Link from "next/link";
import { api } from "../../clients/page-api.ts";
import { allVersionsQuery, modelQuery } from "../../clients/queries.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { VersionName } from "../../ui/chip.tsx";
import { cx } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Bytes, Delta, Num, Time } from "../../ui/figures.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Page, PageHead } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { barHeights } from "../../ui/version-strip.tsx";
import { compareHref } from "../compare/index.ts";
import { LoadError } from "../shell/index.ts";

function changedTables(version: Version): string {
  const changed = version.tables.filter((table) => table.changed).map(({ name }) => name);
  return changed.length === 0 ? "none" : changed.join(", ");
}

function Row({
  model,
  version,
  width,
  current,
}: {
  model: string;
  version: Version;
  width: number;
  current: boolean;
}) {
  const href = `/models/${model}/versions/${version.version}`;
  return (
    <Tr>
      <Td className="h-8">
        <Link href={href} className="hover:underline">
          <VersionName version={version.version} tone={current ? "leaf" : undefined} />
        </Link>{" "}
        {version.name === null ? null : (
          <span className="ml-1 inline-block max-w-48 truncate align-bottom font-medium" title={version.name}>
            {version.name}
          </span>
        )}
        {current ? <StateBadge state="current" className="ml-2" /> : null}
      </Td>
      <Td quiet>
        <Time at={version.createdAt} />
      </Td>
      <Td className="max-w-72 truncate" title={changedTables(version)}>
        {changedTables(version)}
      </Td>
      <Td numeric>
        <Delta value={version.tables.reduce((sum, table) => sum + table.rowsDelta, 0)} />
      </Td>
      <Td numeric>
        <Num value={version.intents.length} />
      </Td>
      <Td numeric>
        <Bytes value={version.bytes} />
      </Td>
      <Td numeric>
        <Bytes value={version.newBytes} />
      </Td>
      <Td className="w-28">
        <span
          aria-hidden="true"
          className={cx("block h-2", current ? "bg-leaf" : "bg-data-mute")}
          style={{ width }}
        />
      </Td>
      <Td>
        {version.parent === null ? null : (
          <Link
            href={compareHref(model, version.parent, version.version)}
            aria-label={`Compare v${version.version} with v${version.parent}`}
            title={`Compare with v${version.parent}`}
            className="grid size-6 place-items-center rounded-m text-ink-2 hover:bg-press hover:text-ink"
          >
            <Icon name="compare" size="s" />
          </Link>
        )}
      </Td>
      <Td>
        <a
          href={api.snapshotUrl(model, version.version)}
          download={`${model}-v${version.version}.duckdb`}
          aria-label={`Download v${version.version}`}
          title={`Download v${version.version}`}
          className="grid size-6 place-items-center rounded-m text-ink-2 hover:bg-press hover:text-ink"
        >
          <Icon name="download" size="s" />
        </a>
      </Td>
    </Tr>
  );
}

/** Every version of a model, newest first. */
export function VersionsPage({ model: name }: { model: string }) {
  const model = useQuery(modelQuery(name));
  const versions = useInfiniteQuery(allVersionsQuery(name));
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  const widths = barHeights(
    items.map(({ newBytes }) => newBytes),
    100,
  );
  return (
    <Page>
      <PageHead title={`Versions of ${name}`}>
        Each is the whole model at one moment and never changes.
      </PageHead>
      {versions.error ? (
        <LoadError what="The versions" error={versions.error} onRetry={() => void versions.refetch()} />
      ) : null}
      {versions.isPending ? <SkeletonRows rows={8} label="Loading versions" /> : null}
      {versions.data && items.length === 0 ? (
        <EmptyState
          icon="database"
          title="No version yet"
          hint="The first change to the model makes version 1."
        >
          <ButtonLink href={`/models/${name}`}>Open {name}</ButtonLink>
        </EmptyState>
      ) : null}
      {items.length > 0 ? (
        <Table label={`Versions of ${name}`}>
          <thead>
            <tr>
              <Th>Version</Th>
              <Th>Made</Th>
              <Th>Changed tables</Th>
              <Th numeric>Rows</Th>
              <Th numeric>Intents</Th>
              <Th numeric>Size</Th>
              <Th numeric>New bytes</Th>
              <Th>
                <span className="sr-only">New bytes as a bar</span>
              </Th>
              <Th>
                <span className="sr-only">Compare</span>
              </Th>
              <Th>
                <span className="sr-only">Download</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {items.map((version, index) => (
              <Row
                key={version.version}
                model={name}
                version={version}
                width={widths[index] ?? 2}
                current={version.version === model.data?.currentVersion}
              />
            ))}
          </tbody>
        </Table>
      ) : null}
      {versions.hasNextPage ? (
        <div className="mt-3">
          <Button busy={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
            Load more
          </Button>
        </div>
      ) : null}
    </Page>
  );
}
