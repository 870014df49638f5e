"use client";

import { useQuery } from "@tanstack/react-query";
import type { Storage } from "@teatree/shared/contracts/retention";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { VersionName } from "../../ui/chip.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { Bytes, Timestamp } from "../../ui/figures.tsx";
import { plural } from "../../ui/format.ts";
import { Section, TextLink } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { explain, LoadError } from "../shell/index.ts";
import { retentionQuery, storageQuery } from "./queries.ts";
import { StorageBar } from "./storage-bar.tsx";
import { useRetentionActions } from "./use-retention-actions.ts";
import {
  collectedInWords,
  graceInWords,
  isWorthCompacting,
  keepsEverything,
  policyInWords,
} from "./words.ts";

/** Loaded when first opened. */
const RetentionDialog = dynamic(
  () => import("./retention-dialog.tsx").then((module) => module.RetentionDialog),
  { ssr: false },
);

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3 border-t border-hair py-1">
      <dt className="w-24 text-meta text-ink-3">{label}</dt>
      <dd className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">{children}</dd>
    </div>
  );
}

function NamedVersions({ model, named }: { model: string; named: Storage["named"] }) {
  if (named.length === 0)
    return <span className="text-ink-3">none; name a version on its page to keep it</span>;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      {named.map(({ version, name }) => (
        <li key={version} className="flex max-w-full items-baseline gap-1.5">
          <VersionName version={version} className="text-ink-3" />
          <TextLink href={`/models/${model}/versions/${version}`} className="truncate">
            {name}
          </TextLink>
        </li>
      ))}
    </ul>
  );
}

function DeadSpace({
  file,
  onCompact,
  busy,
}: {
  file: Storage["file"];
  onCompact: () => void;
  busy: boolean;
}) {
  if (file === null) return <span className="text-ink-3">no version yet</span>;
  const share = file.bytes > 0 ? (file.holeBytes / file.bytes) * 100 : 0;
  return (
    <>
      <span>
        <Bytes value={file.holeBytes} /> of the current file's <Bytes value={file.bytes} />
      </span>
      <span className="text-ink-3">{share.toFixed(share < 10 ? 1 : 0)} %; packs leave it out</span>
      {isWorthCompacting(file) ? (
        <Button size="s" busy={busy} onClick={onCompact}>
          Compact
        </Button>
      ) : null}
    </>
  );
}

/** Which versions a model keeps, what its bytes are used for, and the button that frees what nobody needs. */
export function RetentionSection({ model }: { model: string }) {
  const [editing, setEditing] = useState(false);
  const retention = useQuery(retentionQuery(model));
  const storage = useQuery(storageQuery(model));
  const { collect, compact } = useRetentionActions(model);
  const failure = collect.error ?? compact.error;
  const done = collect.data ? collectedInWords(collect.data) : undefined;
  return (
    <Section
      title="Retention"
      aside={
        <>
          <Button size="s" disabled={!retention.data} onClick={() => setEditing(true)}>
            Change
          </Button>
          <Button size="s" busy={collect.isPending} onClick={() => collect.mutate()}>
            Collect now
          </Button>
        </>
      }
    >
      {retention.data ? (
        <p className="mb-3 text-ink-2">
          {policyInWords(retention.data)}
          {keepsEverything(retention.data)
            ? null
            : ` The bytes of a removed version go ${graceInWords(retention.data.graceMinutes)}.`}
        </p>
      ) : null}
      <div role="status">
        {done && !collect.isPending ? (
          <p className="mb-3 flex flex-wrap items-center gap-x-2">
            <StateBadge state="done" label={done.title} />
            <span className="text-ink-2">{done.detail}</span>
          </p>
        ) : null}
      </div>
      {failure ? (
        <div className="mb-3">
          <ErrorNotice title={explain(failure).title} detail={explain(failure).advice} />
        </div>
      ) : null}
      {retention.error ? (
        <LoadError what="The retention" error={retention.error} onRetry={() => void retention.refetch()} />
      ) : null}
      {storage.error ? (
        <LoadError what="The storage figures" error={storage.error} onRetry={() => void storage.refetch()} />
      ) : null}
      {storage.isPending ? <SkeletonRows rows={4} height="h-7" label="Loading the storage figures" /> : null}
      {storage.data ? (
        <>
          <StorageBar storage={storage.data} />
          <dl className="mt-3">
            <Line label="Kept">
              {plural(storage.data.versions, "version")}
              {storage.data.waiting.until === null ? null : (
                <span className="text-ink-3">
                  {plural(storage.data.waiting.versions, "removed version")} in grace until{" "}
                  <Timestamp at={storage.data.waiting.until} />
                </span>
              )}
            </Line>
            <Line label="Named">
              <NamedVersions model={model} named={storage.data.named} />
            </Line>
            <Line label="Dead space">
              <DeadSpace
                file={storage.data.file}
                busy={compact.isPending}
                onCompact={() => compact.mutate()}
              />
            </Line>
          </dl>
        </>
      ) : null}
      {editing && retention.data ? (
        <RetentionDialog model={model} retention={retention.data} onClose={() => setEditing(false)} />
      ) : null}
    </Section>
  );
}
