"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { FunctionName } from "@teatree/shared/contracts/functions";
import { JobStatus } from "@teatree/shared/contracts/jobs";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { allJobsQuery, modelsQuery } from "../../clients/queries.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SelectField } from "../../ui/form.tsx";
import { Page, PageHead } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { LoadError } from "../shell/index.ts";
import { JobEntry } from "./job-list.tsx";
import { JobsTable } from "./jobs-table.tsx";

const STATUS_SETS = [
  ["queued,running", "queued or running"],
  ...JobStatus.options.map((status) => [status, status]),
] as const;

/** Every job, newest first, narrowed by what stands in the address. */
export function JobsPage() {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const filter = {
    model: search.get("model") ?? undefined,
    status: search.get("status") ?? undefined,
    function: search.get("function") ?? undefined,
  };
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  const jobs = useInfiniteQuery(allJobsQuery(filter));
  const models = useQuery(modelsQuery());
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    router.replace(next.size === 0 ? pathname : `${pathname}?${next}`);
  };
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page>
      <PageHead title="Jobs">Every change anyone asked for, newest first.</PageHead>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <SelectField
          hideLabel
          label="Model"
          value={filter.model ?? ""}
          onChange={(event) => set("model", event.target.value)}
        >
          <option value="">all models</option>
          {withCurrent(models.data?.items.map(({ name }) => name) ?? [], filter.model).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <SelectField
          hideLabel
          label="Status"
          value={filter.status ?? ""}
          onChange={(event) => set("status", event.target.value)}
        >
          <option value="">all states</option>
          {STATUS_SETS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <SelectField
          hideLabel
          label="Function"
          value={filter.function ?? ""}
          onChange={(event) => set("function", event.target.value)}
        >
          <option value="">all functions</option>
          {FunctionName.options.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        {narrowed ? (
          <Button variant="quiet" icon="close" onClick={() => router.replace(pathname)}>
            Clear
          </Button>
        ) : null}
      </div>
      {jobs.error ? (
        <LoadError what="The jobs" error={jobs.error} onRetry={() => void jobs.refetch()} />
      ) : null}
      {jobs.isPending ? <SkeletonRows rows={12} label="Loading jobs" /> : null}
      {jobs.data && items.length === 0 ? (
        narrowed ? (
          <EmptyState
            icon="jobs"
            title="No job fits these filters"
            hint="Choose another model, state or function, or clear the filters."
          />
        ) : (
          <EmptyState
            icon="jobs"
            title="No job yet"
            hint="A job is what you see of one request to change a model. Import a file or submit a cell of a notebook."
          >
            <ButtonLink href="/models?new=1" icon="upload">
              Import a file
            </ButtonLink>
            <ButtonLink href="/notebooks/new" icon="notebook">
              New notebook
            </ButtonLink>
          </EmptyState>
        )
      ) : null}
      {items.length > 0 ? (
        <>
          <div className="max-md:hidden">
            <JobsTable jobs={items} />
          </div>
          <ul className="border-t border-line md:hidden">
            {items.map((job) => (
              <li key={job.id}>
                <JobEntry job={job} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {jobs.hasNextPage ? (
        <div className="mt-3">
          <Button busy={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            Load more
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

/** A model named in the address is shown as chosen, known or not. */
function withCurrent(names: string[], current: string | undefined): string[] {
  return current === undefined || names.includes(current) ? names : [current, ...names];
}
