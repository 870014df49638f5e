"use client";

import { useQuery } from "@tanstack/react-query";
import type { Model } from "@teatree/shared/contracts/models";
import Link from "next/link";
import { recentVersionsQuery } from "../../clients/queries.ts";
import { VersionName } from "../../ui/chip.tsx";
import { Bytes, Num, Time } from "../../ui/figures.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { MiniStrip } from "../../ui/version-strip.tsx";

function History({ model }: { model: string }) {
  const { data, isPending } = useQuery(recentVersionsQuery(model, 7));
  if (isPending) return <Skeleton className="w-14" />;
  const versions = [...(data?.items ?? [])].reverse().map(({ version, newBytes }) => ({ version, newBytes }));
  return <MiniStrip versions={versions} />;
}

function rowsOf(model: Model): number {
  return model.tables.reduce((sum, { rows }) => sum + rows, 0);
}

/** Models with their current version and how much each of the last versions added. */
export function ModelsTable({ models }: { models: Model[] }) {
  return (
    <Table label="Models">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Version</Th>
          <Th>History</Th>
          <Th numeric>Tables</Th>
          <Th numeric>Rows</Th>
          <Th numeric>Size</Th>
          <Th>Changed</Th>
          <Th>State</Th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => {
          const behind = model.tables.filter((table) => table.behind).length;
          return (
            <Tr key={model.id}>
              <Td strong className="h-8">
                <Link href={`/models/${model.name}`} className="hover:underline">
                  {model.name}
                </Link>
              </Td>
              <Td>
                {model.currentVersion > 0 ? (
                  <VersionName version={model.currentVersion} />
                ) : (
                  <span className="text-ink-3">none</span>
                )}
              </Td>
              <Td>
                <History model={model.name} />
              </Td>
              <Td numeric>
                <Num value={model.tables.length} />
              </Td>
              <Td numeric>
                <Num value={rowsOf(model)} />
              </Td>
              <Td numeric>
                <Bytes value={model.sizeBytes} />
              </Td>
              <Td quiet>
                <Time at={model.updatedAt} />
              </Td>
              <Td>
                {model.currentVersion === 0 ? (
                  <StateBadge state="empty" />
                ) : behind > 0 ? (
                  <StateBadge state="behind" label={`${behind} behind`} />
                ) : (
                  <StateBadge state="current" />
                )}
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
