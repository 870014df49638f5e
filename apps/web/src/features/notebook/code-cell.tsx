"use client";

import type { JobError } from "@teatree/shared/contracts/errors";
import type { Job } from "@teatree/shared/contracts/jobs";
import { useEffect, useMemo } from "react";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { polarsOf, sqlOf } from "../job-words/index.ts";
import { CellHeader } from "./cell-header.tsx";
import { type CellRun, cellStatus } from "./cell-run.ts";
import { CellEditor } from "./editor/cell-editor.tsx";
import type { ErrorMark } from "./editor/code-editor.tsx";
import { JobStrip } from "./job-strip.tsx";
import { cellLabel, useActions, useFacts } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";
import { placePolarsError } from "./polars/polars-errors.ts";
import { ResultView } from "./result-view.tsx";
import { RunErrorNotice } from "./run-error-notice.tsx";
import { fromJobError } from "./run-errors.ts";
import { useCellJob } from "./use-cell-job.ts";

type Props = {
  cell: Cell;
  run: CellRun;
  jobId: string | null;
  editing: boolean;
  onJob: (key: string, jobId: string) => void;
};

/** SQL or a Polars transform: header, editor, and below it what the place it runs on said. */
export function CodeCell({ cell, run, jobId, editing, onJob }: Props) {
  const actions = useActions();
  const { dispatch } = actions;
  const { catalog, model, deviceVersion } = useFacts();
  // Polars always computes on the current version, whichever the selected cell reads.
  const newest = useMemo(() => ({ tables: model?.tables ?? [], functions: [] }), [model?.tables]);
  const { key, source, target } = cell;
  const submits = target.place === "submit";
  const job = useCellJob(jobId);
  useEffect(() => {
    if (job) dispatch({ do: "job", key, job });
  }, [job, key, dispatch]);

  const status = cellStatus(cell, run, job, model?.currentVersion ?? null, deviceVersion);
  const failure = useMemo(() => failureOf(submits, run, job), [submits, run, job]);
  const isCurrent = failure?.source === source;
  const mark = useMemo<ErrorMark | null>(
    () =>
      isCurrent && failure?.error.line !== undefined
        ? { line: failure.error.line, column: failure.error.column ?? 1, message: failure.error.message }
        : null,
    [isCurrent, failure],
  );
  const keys = useMemo(
    () => ({
      run: () => actions.run(key),
      runAndNext: () => actions.runAndNext(key),
      runAndInsert: () => actions.runAndInsert(key),
      submit: () => actions.submit(key),
      format: () => actions.format(key),
      leave: () => dispatch({ do: "select", key, mode: "command" }),
    }),
    [actions, dispatch, key],
  );
  const { running, outcome } = run;
  return (
    <>
      <CellHeader cell={cell} run={submits ? { running: null, outcome: null } : run} status={status} />
      <CellEditor
        cellKey={key}
        kind={cell.kind}
        source={source}
        label={cellLabel(cell)}
        focused={editing}
        mark={mark}
        catalog={cell.kind === "polars" ? newest : catalog}
        keys={keys}
        onChange={(next) => dispatch({ do: "source", key, source: next })}
        onFocus={() => dispatch({ do: "select", key, mode: "edit" })}
      />
      {failure ? (
        <RunErrorNotice
          error={failure.error}
          current={isCurrent}
          onReplace={(wrong, right) =>
            dispatch({ do: "source", key, source: replaceAtMark(source, mark, wrong, right) })
          }
        />
      ) : null}
      {!submits && running && running.note !== "" ? (
        <div className="mt-1.5 flex items-center gap-3 text-meta text-ink-2" role="status">
          {running.note}
          <div className="w-40">
            <ProgressBar value={running.progress} label="Progress of the run" />
          </div>
        </div>
      ) : null}
      {!submits && outcome?.kind === "result" ? (
        <ResultView name={cell.name} cellKey={key} outcome={outcome} />
      ) : null}
      {submits && job ? <JobStrip job={job} onFollow={(next) => onJob(key, next)} /> : null}
    </>
  );
}

type JobOrNull = ReturnType<typeof useCellJob>;

function failureOf(submits: boolean, run: CellRun, job: JobOrNull) {
  if (submits) {
    return job?.status === "failed" && job.error ? failureOfJob(job, job.error) : null;
  }
  return run.outcome?.kind === "error" && !run.running ? run.outcome : null;
}

function failureOfJob(job: Job, error: JobError) {
  const code = polarsOf(job)?.code;
  if (code !== undefined) return { source: code, error: placePolarsError(error, code) };
  return { source: sqlOf(job) ?? "", error: fromJobError(error) };
}

/** Replaces the wrong name where the error is, or its first appearance. */
function replaceAtMark(source: string, mark: ErrorMark | null, wrong: string, right: string): string {
  const lines = source.split("\n");
  const before = lines.slice(0, (mark?.line ?? 1) - 1).join("\n").length;
  const near = mark ? Math.max(0, before + mark.column - 1) : 0;
  const at = source.indexOf(wrong, near) >= 0 ? source.indexOf(wrong, near) : source.indexOf(wrong);
  return at < 0 ? source : source.slice(0, at) + right + source.slice(at + wrong.length);
}
