"use client";

import { useQuery } from "@tanstack/react-query";
import type { Preview } from "@teatree/shared/contracts/preview";
import { modelQuery } from "../../../clients/queries.ts";
import { Button } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/empty-state.tsx";
import { plural } from "../../../ui/format.ts";
import { TextLink } from "../../../ui/page.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { ValueTable } from "../../../ui/value-table.tsx";
import { explain } from "../../shell/index.ts";
import { RunErrorNotice } from "../run-error-notice.tsx";
import { fromJobError } from "../run-errors.ts";
import { ROWS_SHOWN, SampleRows } from "./sample-rows.tsx";
import { TouchedTables } from "./touched-tables.tsx";
import type { PreviewState } from "./use-preview.ts";

type Props = {
  state: PreviewState;
  model: string;
  /** How many tables the model is known to have: so much room is kept for them. */
  tables: number;
  /** The result is the table that is written, whose rows are shown anyway. */
  resultIsTable: boolean;
};

/** What the statement would do: running, told, stopped or not to be had. Submitting never waits for it. */
export function PreviewPart({ state, model, tables, resultIsTable }: Props) {
  const { is, preview } = state;
  return (
    <section aria-label="Preview" aria-busy={is === "running"} className="mt-5">
      <div className="mb-1 flex min-h-6 items-center gap-2">
        <h3 className="flex-1 text-head font-semibold">{preview?.error ? "Preview" : "Tables touched"}</h3>
        {is === "running" ? (
          <>
            <StateBadge state="running" label="trying it on a copy" />
            <Button size="s" icon="stop" onClick={state.stop}>
              Stop the preview
            </Button>
          </>
        ) : preview && is === "done" && !preview.error ? (
          <span role="status" className="text-meta text-ink-3">
            {touchedOf(preview)}
          </span>
        ) : null}
      </div>
      {is === "stopped" ? (
        <Notice icon="stopped">
          The preview was stopped. Submitting works without it.
          <Again state={state} />
        </Notice>
      ) : null}
      {is === "unavailable" ? <Unavailable state={state} /> : null}
      {preview && is !== "unavailable" && is !== "stopped" ? (
        <Told preview={preview} model={model} resultIsTable={resultIsTable} />
      ) : null}
      {!preview && is === "running" ? (
        <>
          <SkeletonRows
            rows={Math.min(Math.max(tables, 1), 5) + 1}
            height="h-7"
            label="The preview is running"
          />
          <div className="h-11" />
          <SkeletonRows rows={ROWS_SHOWN} height="h-7" label="Sample rows are on their way" />
        </>
      ) : null}
    </section>
  );
}

function touchedOf({ tables }: Preview): string {
  return `${tables.filter(({ change }) => change !== "unchanged").length} of ${tables.length}`;
}

function Again({ state }: { state: PreviewState }) {
  return (
    <span className="mt-1.5 block">
      <Button size="s" icon="retry" onClick={state.again}>
        Preview again
      </Button>
    </span>
  );
}

function Unavailable({ state }: { state: PreviewState }) {
  const { title, advice } = explain(state.error);
  return (
    <Notice icon="info">
      <span className="font-medium">Preview is not available.</span> Submitting works without it.
      <span className="block text-meta text-ink-2">{[title, advice].filter(Boolean).join(" ")}</span>
      <Again state={state} />
    </Notice>
  );
}

function Told({
  preview,
  model,
  resultIsTable,
}: Pick<Props, "model" | "resultIsTable"> & { preview: Preview }) {
  if (preview.error) {
    return (
      <>
        <RunErrorNotice error={fromJobError(preview.error)} current />
        <p className="mt-2 text-ink-3">
          Submitted as it is, the job would fail and change nothing. The cell keeps your text.
        </p>
      </>
    );
  }
  const touched = preview.tables.filter(({ change }) => change !== "unchanged");
  return (
    <>
      <TouchedTables preview={preview} />
      {preview.exact ? null : (
        <p className="mt-2 text-meta text-ink-3">
          Where it says “not counted”, the rows are too many to be compared one by one in a preview.
        </p>
      )}
      <WillBeBehind preview={preview} model={model} />
      {touched.map((table) => (
        <SampleRows key={table.table} table={table} named={touched.length > 1} />
      ))}
      {preview.result && !resultIsTable ? (
        <section aria-label="Result" className="mt-5">
          <h3 className="mb-2 text-head font-semibold">Result</h3>
          <ValueTable
            columns={preview.result.columns}
            rows={preview.result.rows.slice(0, RESULT_ROWS)}
            label="Result of the last SELECT"
            footer={
              preview.result.rows.length > RESULT_ROWS || preview.result.nextCursor !== null
                ? `first ${Math.min(RESULT_ROWS, preview.result.rows.length)} rows; the job has more`
                : plural(preview.result.rows.length, "row")
            }
          />
        </section>
      ) : null}
    </>
  );
}

const RESULT_ROWS = 20;

/** Tables that were computed from what changes and are not computed again by this. */
function WillBeBehind({ preview, model }: { preview: Preview; model: string }) {
  const { data } = useQuery(modelQuery(model));
  const touched = new Set(
    preview.tables.filter(({ change }) => change !== "unchanged").map(({ table }) => table),
  );
  const behind = (data?.tables ?? []).filter(
    ({ name, from }) => !touched.has(name) && from.some((source) => touched.has(source)),
  );
  if (behind.length === 0) return null;
  return (
    <div className="mt-3">
      <Notice tone="stale" icon="stale">
        {behind.map(({ name, from, writtenBy }) => (
          <p key={name}>
            <span className="font-medium">{name}</span> was computed from{" "}
            {from.filter((source) => touched.has(source)).join(", ")} and will be behind.
            {writtenBy ? (
              <>
                {" "}
                <TextLink href={`/jobs/${writtenBy}`}>See the job that made it</TextLink>
              </>
            ) : null}
          </p>
        ))}
      </Notice>
    </div>
  );
}
