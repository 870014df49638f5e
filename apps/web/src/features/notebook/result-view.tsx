"use client";

import { ARROW_STREAM, PARQUET, type ResultType } from "@teatree/shared/contracts/query";
import { useState } from "react";
import { buttonClass } from "../../ui/button.tsx";
import { formatDuration } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { MOST_ROWS, ResultGrid, rowsSentence } from "../results/index.ts";
import { explain, say } from "../shell/index.ts";
import type { Outcome } from "./cell-run.ts";
import { useActions, useFacts } from "./notebook-context.tsx";
import { resultFile } from "./read-version.ts";
import { saveFile } from "./save-file.ts";

type ResultOutcome = Extract<Outcome, { kind: "result" }>;

/** A read's rows and the sentence below them: how many of how many, how long, of which version. */
export function ResultView({
  name,
  cellKey,
  outcome,
}: {
  name: string;
  cellKey: string;
  outcome: ResultOutcome;
}) {
  const { loadMore, submit } = useActions();
  const { result, elapsedMs, version, place, polars = false } = outcome;
  const sentence = rowsSentence(result);
  const more = result.truncated && result.limit < MOST_ROWS && !polars;
  return (
    <div className="mt-2 overflow-hidden rounded-m border border-line">
      <ResultGrid data={result.data} label={`Result of ${name}`} />
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 border-t border-line bg-well px-2.5 text-meta text-ink-3">
        <span>
          <b className="font-medium text-ink-2">{sentence.strong}</b> {sentence.rest}
        </span>
        <span aria-hidden="true">·</span>
        <span>{formatDuration(elapsedMs)}</span>
        <span aria-hidden="true">·</span>
        <VersionNote version={version} place={place} polars={polars} />
        {result.truncated ? <span className="max-lg:hidden">· heads sum up the rows read</span> : null}
        <span className="flex-1" />
        {more ? (
          <button
            type="button"
            className="font-medium text-leaf-ink hover:underline"
            onClick={() => loadMore(cellKey)}
          >
            Load more
          </button>
        ) : null}
        {polars ? null : <DownloadMenu name={name} outcome={outcome} />}
        {polars && result.truncated ? (
          <button
            type="button"
            className="font-medium text-leaf-ink hover:underline"
            onClick={() => submit(cellKey)}
          >
            Submit into a table to keep all rows
          </button>
        ) : null}
      </div>
    </div>
  );
}

function VersionNote({ version, place, polars }: Pick<ResultOutcome, "version" | "place" | "polars">) {
  const current = useFacts().model?.currentVersion ?? 0;
  const behind = version < current ? `; online is v${current}` : "";
  if (polars) return <span>{`computed on v${version}, on the server${behind}`}</span>;
  if (place === "device") return <span>{`answered from v${version} on this device${behind}`}</span>;
  return <span>{`v${version}${behind}`}</span>;
}

const FORMATS: { label: string; ending: string; accept: ResultType }[] = [
  { label: "CSV", ending: "csv", accept: "text/csv" },
  { label: "Parquet", ending: "parquet", accept: PARQUET },
  { label: "Arrow", ending: "arrows", accept: ARROW_STREAM },
];

/** The whole result, of the version that was read, in a format of choice. */
function DownloadMenu({ name, outcome }: { name: string; outcome: ResultOutcome }) {
  const model = useFacts().model?.name;
  const [busy, setBusy] = useState(false);
  const download = async ({ ending, accept }: (typeof FORMATS)[number]) => {
    if (model === undefined) return;
    setBusy(true);
    try {
      const { signal } = new AbortController();
      const file = await resultFile(model, outcome.source, { version: outcome.version, accept, signal });
      saveFile(file, `${name}-v${outcome.version}.${ending}`);
    } catch (error) {
      const { title, advice } = explain(error);
      say("The result was not downloaded", {
        detail: [title, advice].filter(Boolean).join(" "),
        tone: "fail",
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={`${buttonClass("quiet", "s")} -mr-1.5 text-leaf-ink`}
          disabled={busy}
        >
          <Icon name={busy ? "ring" : "download"} size="xs" className={busy ? "spin-slow" : undefined} />
          Download
        </button>
      }
      items={FORMATS.map((format) => ({
        label: format.label,
        note: "All rows",
        onSelect: () => void download(format),
      }))}
    />
  );
}
