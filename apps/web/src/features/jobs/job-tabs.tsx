"use client";

import type { PolarsArgs } from "@teatree/shared/contracts/functions";
import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import Link from "next/link";
import { CodeBlock } from "../../ui/code-block.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Delta, Num } from "../../ui/figures.tsx";
import { formatNumber, plural } from "../../ui/format.ts";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ValueTable } from "../../ui/value-table.tsx";
import { polarsOf, sqlOf } from "../job-words/index.ts";
import { JobTrace } from "./job-trace.tsx";

function Changes({ job }: { job: Job }) {
  const changes = job.changes ?? [];
  if (changes.length === 0) {
    const hint =
      job.status === "applied"
        ? "The job ran and left every table as it was."
        : isFinal(job.status)
          ? "A job that is not applied changes nothing: what it did was rolled back."
          : "They stand here as soon as the job is applied.";
    return <EmptyState icon="table" title="No changes" hint={hint} />;
  }
  return (
    <div className="max-w-3xl">
      <Table label="Tables changed by this job" padded>
        <thead>
          <tr>
            <Th>Table</Th>
            <Th numeric>Before</Th>
            <Th numeric>After</Th>
            <Th numeric>Difference</Th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ table, rowsBefore, rowsAfter }) => (
            <Tr key={table}>
              <Td strong>
                {rowsAfter === null ? (
                  table
                ) : (
                  <Link
                    href={`/models/${job.model}/tables/${encodeURIComponent(table)}`}
                    className="hover:underline"
                  >
                    {table}
                  </Link>
                )}
              </Td>
              <Td numeric quiet>
                {rowsBefore === null ? <span className="text-add">new</span> : <Num value={rowsBefore} />}
              </Td>
              <Td numeric>
                {rowsAfter === null ? <span className="text-del">dropped</span> : <Num value={rowsAfter} />}
              </Td>
              <Td numeric>
                {rowsBefore !== null && rowsAfter === rowsBefore ? (
                  <span className="font-medium text-mod">~ rewritten</span>
                ) : (
                  <Delta value={(rowsAfter ?? 0) - (rowsBefore ?? 0)} />
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Input({ job }: { job: Job }) {
  const sql = sqlOf(job);
  const polars = polarsOf(job);
  const { sql: _sql, ...besideSql } = job.args;
  const { code: _code, into: _into, mode: _mode, ...besidePolars } = job.args;
  const others = polars ? besidePolars : sql === undefined ? job.args : besideSql;
  return (
    <div className="flex max-w-4xl flex-col gap-3">
      {sql === undefined ? null : <CodeBlock text={sql} language="sql" label="Copy the statement" />}
      {polars ? <PolarsInput job={job} args={polars} /> : null}
      {Object.keys(others).length > 0 ? (
        <CodeBlock text={JSON.stringify(others, null, 2)} language="text" label="Copy the arguments" />
      ) : null}
    </div>
  );
}

/** What the code's result becomes, and the code. */
function PolarsInput({ job, args: { code, into, mode } }: { job: Job; args: PolarsArgs }) {
  const words = {
    replace: "Replaces the table",
    append: "Appends to the table",
    result: "Shows the result only",
  };
  return (
    <>
      <p className="text-ink-2">
        {words[mode]}
        {into === undefined ? null : (
          <>
            {" "}
            <Link
              href={`/models/${job.model}/tables/${encodeURIComponent(into)}`}
              className="font-mono text-code font-medium text-leaf-ink underline decoration-leaf-line underline-offset-3"
            >
              {into}
            </Link>
          </>
        )}
        <span className="text-ink-3"> · Polars in TypeScript, on the server</span>
      </p>
      <CodeBlock text={code} language="ts" label="Copy the code" />
    </>
  );
}

function Result({ job }: { job: Job }) {
  if (job.result === undefined) {
    return (
      <EmptyState
        icon="table"
        title="No result"
        hint={
          polarsOf(job)?.into === undefined
            ? "Only a job whose last statement is a SELECT brings rows back."
            : "What the code returned is in the table it wrote."
        }
      />
    );
  }
  const { columns, rows, nextCursor } = job.result;
  return (
    <ValueTable
      label="Result of the job"
      columns={columns}
      rows={rows}
      footer={
        <span>
          <b className="font-medium text-ink-2">
            {nextCursor === null ? plural(rows.length, "row") : `first ${formatNumber(rows.length)}`}
          </b>
          {nextCursor === null ? null : " rows; read the rest from the version in a notebook"}
        </span>
      }
    />
  );
}

export const JOB_TABS = ["changes", "input", "result", "trace"] as const;

export function JobTabs({ job, tab, onTab }: { job: Job; tab: string; onTab: (tab: string) => void }) {
  return (
    <Tabs
      label="Job detail"
      value={tab}
      onChange={onTab}
      items={[
        {
          value: "changes",
          label: "Changes",
          count: job.changes?.length ? formatNumber(job.changes.length) : undefined,
          panel: <Changes job={job} />,
        },
        { value: "input", label: "Input", panel: <Input job={job} /> },
        {
          value: "result",
          label: "Result",
          count: job.result ? formatNumber(job.result.rows.length) : undefined,
          panel: <Result job={job} />,
        },
        { value: "trace", label: "Trace", panel: <JobTrace job={job} /> },
      ]}
    />
  );
}
