"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { modelsQuery, notebooksQuery, recentNotificationsQuery } from "../../clients/queries.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatNumber } from "../../ui/format.ts";
import { AsideLink, Columns, Page, Section } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { NotificationRow } from "../inbox/index.ts";
import { JobList } from "../jobs/index.ts";
import { FileDrop, ImportDialog, ModelsTable } from "../models/index.ts";
import { NotebookRow } from "../notebooks/index.ts";
import { LoadError } from "../shell/index.ts";
import { FirstSteps } from "./first-steps.tsx";

function GoOn() {
  const { data, error, isPending, refetch } = useQuery(notebooksQuery(5));
  return (
    <Section
      title="Go on"
      aside={
        <>
          <ButtonLink href="/notebooks/new" icon="plus" variant="quiet" size="s">
            New notebook
          </ButtonLink>
          <AsideLink href="/notebooks">All</AsideLink>
        </>
      }
    >
      {error ? <LoadError what="The notebooks" error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonRows rows={4} height="h-9" label="Loading notebooks" /> : null}
      {data && data.items.length === 0 ? (
        <EmptyState
          icon="notebook"
          title="No notebook yet"
          hint="A notebook queries a version of a model and submits changes to it."
        />
      ) : null}
      {data && data.items.length > 0 ? (
        <ul className="border-t border-line">
          {data.items.map((notebook) => (
            <li key={notebook.id} className="flex border-b border-hair">
              <NotebookRow notebook={notebook} />
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

function Models({ onFile }: { onFile: (file: File) => void }) {
  const { data, error, isPending, refetch } = useQuery(modelsQuery());
  return (
    <Section
      title="Models"
      aside={
        <span className="text-meta text-ink-3 max-md:hidden">
          bars: bytes added by each of the last 7 versions
        </span>
      }
    >
      {error ? <LoadError what="The models" error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonRows rows={3} label="Loading models" /> : null}
      {data && data.items.length === 0 ? (
        <EmptyState icon="database" title="No model yet" hint="Drop a file to make the first one.">
          <div className="w-full max-w-md">
            <FileDrop onFile={onFile} />
          </div>
        </EmptyState>
      ) : null}
      {data && data.items.length > 0 ? <ModelsTable models={data.items.slice(0, 10)} /> : null}
      {data && data.items.length > 10 ? (
        <p className="pt-2">
          <AsideLink href="/models">All {formatNumber(data.items.length)} models</AsideLink>
        </p>
      ) : null}
    </Section>
  );
}

function WhatChanged() {
  const { data, error, isPending, refetch } = useQuery(recentNotificationsQuery(20));
  const label = data === undefined || data.unread === 0 ? "Inbox" : `Inbox, ${data.unread} unread`;
  return (
    <Section title="What changed" aside={<AsideLink href="/inbox">{label}</AsideLink>}>
      {error ? <LoadError what="The notifications" error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonRows rows={5} label="Loading notifications" /> : null}
      {data && data.items.length === 0 ? (
        <EmptyState
          icon="inbox"
          title="Nothing changed yet"
          hint="Applied, failed and cancelled jobs are told here as they happen."
        />
      ) : null}
      {data && data.items.length > 0 ? (
        <ul className="border-t border-line">
          {data.items.slice(0, 8).map((notification) => (
            <li key={notification.id}>
              <NotificationRow notification={notification} />
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

/** Go on where one was; what runs; what changed; how to start. */
export function HomePage() {
  const router = useRouter();
  const [file, setFile] = useState<File>();
  return (
    <Page wide>
      <h1 className="sr-only">Home</h1>
      <Columns
        side={
          <>
            <Section title="Running" aside={<AsideLink href="/jobs">All jobs</AsideLink>}>
              <JobList
                filter={{ status: "queued,running" }}
                limit={6}
                empty="Nothing runs and nothing waits."
              />
            </Section>
            <Section title="Start">
              <FileDrop onFile={setFile} />
              <div className="mt-2">
                <Button
                  icon="database"
                  variant="secondary"
                  kbd="n m"
                  onClick={() => router.push("/models?new=1")}
                >
                  New model
                </Button>
              </div>
            </Section>
            <FirstSteps />
          </>
        }
      >
        <GoOn />
        <Models onFile={setFile} />
        <WhatChanged />
      </Columns>
      {file ? <ImportDialog open file={file} onClose={() => setFile(undefined)} /> : null}
    </Page>
  );
}
