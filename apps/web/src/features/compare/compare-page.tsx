"use client";

import { useQuery } from "@tanstack/react-query";
import type { VersionComparison } from "@teatree/shared/contracts/compare";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { versionQuery } from "../../clients/queries.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { plural } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Page, PageHead, Section, TextLink } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { RemovedVersion, removalOf } from "../retention/index.ts";
import { LoadError, usePlace } from "../shell/index.ts";
import { ComparedRows, changeOf } from "./compared-rows.tsx";
import { ComparedTables } from "./compared-tables.tsx";
import { RangePicker } from "./range-picker.tsx";
import { type Range, tablesQuery } from "./use-comparison.ts";

/** Two versions of a model beside each other: tables, columns, rows. What is chosen stands in the address. */
export function ComparePage({ model, before, after }: Range) {
  const range = { model, before, after };
  const search = useSearchParams();
  const tables = useQuery(tablesQuery(range));
  const base = `/models/${encodeURIComponent(model)}`;
  usePlace({
    trail: [
      { label: "Models", href: "/models" },
      { label: model, href: base },
      { label: "Versions", href: `${base}/versions` },
      { label: `v${before} to v${after}` },
    ],
    model,
  });
  const removal = removalOf(tables.error);
  return (
    <Page>
      <PageHead
        title={
          <>
            {model}{" "}
            <span className="font-mono text-[19px] whitespace-nowrap">
              v{before}
              <Icon name="arrowRight" size="m" className="mx-1.5 inline-block align-[-2px] text-ink-3" />
              <span className="sr-only"> to </span>v{after}
            </span>
          </>
        }
        actions={<RangePicker range={range} search={search.toString()} />}
      >
        <Summary range={range} comparison={tables.data} />
      </PageHead>
      {removal ? (
        <RemovedVersion model={model} version={Number(removedVersion(tables.error))} removal={removal} />
      ) : tables.error ? (
        <LoadError what="The comparison" error={tables.error} onRetry={() => void tables.refetch()} />
      ) : null}
      {tables.isPending ? <SkeletonRows rows={6} label="Loading the comparison" /> : null}
      {tables.data ? <Loaded range={range} comparison={tables.data} /> : null}
    </Page>
  );
}

function removedVersion(error: unknown): unknown {
  return error instanceof Error && "details" in error && error.details instanceof Object
    ? Object.entries(error.details).find(([name]) => name === "version")?.[1]
    : undefined;
}

function Summary({ range, comparison }: { range: Range; comparison: VersionComparison | undefined }) {
  const link = (version: number) => (
    <TextLink href={`/models/${encodeURIComponent(range.model)}/versions/${version}`}>v{version}</TextLink>
  );
  const touched = comparison?.tables.filter(({ change }) => change !== "unchanged").length;
  return (
    <>
      What became of {link(range.before)} in {link(range.after)}
      {comparison && touched !== undefined
        ? ` · ${touched} of ${plural(comparison.tables.length, "table")} written`
        : null}
    </>
  );
}

function Loaded({ range, comparison }: { range: Range; comparison: VersionComparison }) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const { tables } = comparison;
  const asked = search.get("table");
  const first = tables.find(({ change }) => change !== "unchanged");
  const chosen = tables.find(({ name }) => name === asked) ?? first;
  const change = changeOf(search.get("change"));
  const key = search.get("key") ?? undefined;
  const columns = useCommonColumns(range, chosen?.name);
  const onChoose = (name: "key" | "change", value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value === undefined) next.delete(name);
    else next.set(name, value);
    router.replace(next.size === 0 ? pathname : `${pathname}?${next}`, { scroll: false });
  };
  if (tables.length === 0) {
    return <EmptyState icon="table" title="No tables" hint="Neither version has one." />;
  }
  return (
    <div className="flex flex-col gap-6">
      <Section title="Tables">
        <ComparedTables
          range={range}
          tables={tables}
          chosen={chosen?.name}
          hrefOf={(table) => `${pathname}?${new URLSearchParams({ table })}`}
        />
      </Section>
      {chosen ? (
        <ComparedRows
          key={chosen.name}
          range={range}
          table={chosen}
          choice={{ table: chosen.name, key, change }}
          columns={columns}
          onChoose={onChoose}
        />
      ) : (
        <EmptyState
          icon="ok"
          title="No differences"
          hint={
            range.before === range.after
              ? "A version is the same as itself. Choose another one above."
              : "Nothing wrote a table between these two versions."
          }
        />
      )}
    </div>
  );
}

/** Names of the columns that a table has in both versions. */
function useCommonColumns(range: Range, table: string | undefined): string[] {
  const before = useQuery(versionQuery(range.model, range.before));
  const after = useQuery(versionQuery(range.model, range.after));
  const named = (version: typeof before.data) =>
    version?.tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
  const olds = new Set(named(before.data));
  return named(after.data).filter((name) => olds.has(name));
}
