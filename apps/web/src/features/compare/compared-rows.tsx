"use client";

import {
  type ComparedTable,
  LISTED_ROWS,
  RowChange,
  type RowComparison,
} from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { EmptyState, ErrorNotice } from "../../ui/empty-state.tsx";
import { SelectField } from "../../ui/form.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { LoadError } from "../shell/index.ts";
import { MARKS } from "./change-marks.ts";
import { RowGrid } from "./row-grid.tsx";
import { SchemaChanges } from "./schema-changes.tsx";
import { type Range, type RowChoice, useRows } from "./use-comparison.ts";

const KINDS = ["changed", "added", "removed"] as const;

/** One table: its columns, then its rows that differ. `onChoose` writes into the address. */
export function ComparedRows({
  range,
  table,
  choice,
  columns,
  onChoose,
}: {
  range: Range;
  table: ComparedTable;
  choice: RowChoice;
  /** Columns that both versions have: one of them may be the key. */
  columns: string[];
  onChoose: (name: "key" | "change", value: string | undefined) => void;
}) {
  const rows = useRows(range, choice);
  const pages = rows.data?.pages ?? [];
  const [first] = pages;
  const { error } = rows;
  const isKeyRefused =
    error instanceof TeatreeError && error.code === "invalid_arguments" && choice.key !== undefined;
  return (
    <Section
      title={<span className="break-all">{table.name}</span>}
      aside={
        table.change === "changed" ? (
          <KeyChoice
            columns={columns}
            choice={choice}
            found={first?.key}
            onChoose={(key) => onChoose("key", key)}
          />
        ) : null
      }
    >
      <SchemaChanges table={table.name} changes={table.schemaChanges} />
      {rows.isComparing ? <Comparing progress={rows.progress} onStop={rows.stop} /> : null}
      {rows.wasStopped && !rows.isComparing ? (
        <EmptyState icon="stopped" title="The comparison was stopped" hint="Nothing of it is kept.">
          <Button icon="compare" onClick={() => void rows.refetch()}>
            Compare again
          </Button>
        </EmptyState>
      ) : null}
      {isKeyRefused && !rows.isComparing ? (
        <ErrorNotice title="This key does not tell the rows apart" detail={error.message}>
          <Button size="s" onClick={() => onChoose("key", undefined)}>
            Find a key
          </Button>
          <Button size="s" onClick={() => onChoose("key", "*")}>
            Compare whole rows
          </Button>
        </ErrorNotice>
      ) : null}
      {error && !isKeyRefused && !rows.wasStopped && !rows.isComparing ? (
        <LoadError what="The comparison" error={error} onRetry={() => void rows.refetch()} />
      ) : null}
      {first?.counts && first.columns && first.key && !error ? (
        <Found
          range={range}
          table={table}
          comparison={{ ...first, counts: first.counts, columns: first.columns, key: first.key }}
          rows={pages.flatMap((page) => page.rows ?? [])}
          change={choice.change}
          onChange={(change) => onChoose("change", change)}
          more={
            rows.hasNextPage ? (
              <Button
                size="s"
                variant="quiet"
                busy={rows.isFetchingNextPage}
                onClick={() => void rows.fetchNextPage()}
              >
                Load more
              </Button>
            ) : null
          }
        />
      ) : null}
    </Section>
  );
}

/** What tells rows apart: found by itself, one of the columns, or the whole row. Keys of several columns come by the address. */
function KeyChoice({
  columns,
  choice,
  found,
  onChoose,
}: {
  columns: string[];
  choice: RowChoice;
  found: RowComparison["key"] | undefined;
  onChoose: (key: string | undefined) => void;
}) {
  const names =
    choice.key === undefined || choice.key === "*" ? columns : [...new Set([...columns, choice.key])];
  const isFound = choice.key === undefined && found !== undefined;
  const auto = !isFound ? "" : found.how === "row" ? " (none found)" : ` (${found.columns.join(", ")})`;
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-meta text-ink-3">
      <span aria-hidden="true" className="whitespace-nowrap max-md:hidden">
        Rows matched by
      </span>
      <SelectField
        hideLabel
        label="Rows matched by"
        value={choice.key ?? ""}
        onChange={(event) => onChoose(event.target.value === "" ? undefined : event.target.value)}
      >
        <option value="">the key{auto}</option>
        <option value="*">the whole row</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function Comparing({ progress, onStop }: { progress: number | null; onStop: () => void }) {
  return (
    <div className="flex items-center gap-3 rounded-m border border-line px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p role="status" className="mb-1.5 text-meta text-ink-2">
          Comparing row by row
        </p>
        <ProgressBar value={progress} label="Comparison" />
      </div>
      <Button icon="stop" onClick={onStop}>
        Cancel
      </Button>
    </div>
  );
}

type Whole = Pick<RowComparison, "counts" | "columns" | "key">;

function Found({
  range,
  table,
  comparison: { counts, columns, key },
  rows,
  change,
  onChange,
  more,
}: {
  range: Range;
  table: ComparedTable;
  comparison: Whole;
  rows: NonNullable<RowComparison["rows"]>;
  change: RowChange | undefined;
  onChange: (change: RowChange | undefined) => void;
  more: React.ReactNode;
}) {
  const total = counts.added + counts.removed + counts.changed;
  if (total === 0) {
    return (
      <EmptyState
        icon="ok"
        title="No differences"
        hint={
          table.sameContent
            ? `Nothing wrote ${table.name} between the two versions: all ${formatNumber(counts.unchanged)} rows are the same.`
            : `All ${formatNumber(counts.unchanged)} rows are the same in both versions.`
        }
      />
    );
  }
  const wanted = change === undefined ? total : counts[change];
  return (
    <div className="overflow-hidden rounded-m border border-line">
      <fieldset className="flex min-h-9 flex-wrap items-center gap-x-1 border-b border-line bg-well px-1.5 py-1">
        <legend className="sr-only">Which rows</legend>
        <Kind isChosen={change === undefined} onChoose={() => onChange(undefined)}>
          All <b className="font-medium">{formatNumber(total)}</b>
        </Kind>
        {KINDS.map((kind) => (
          <Kind key={kind} isChosen={change === kind} tone={MARKS[kind].tone} onChoose={() => onChange(kind)}>
            <span aria-hidden="true">{MARKS[kind].sign}</span> {formatNumber(counts[kind])} {MARKS[kind].word}
          </Kind>
        ))}
      </fieldset>
      {rows.length === 0 ? (
        <p className="px-3 py-3 text-ink-2">No row was {change ?? "changed"}.</p>
      ) : (
        <RowGrid range={range} table={table} columns={columns} keyColumns={key.columns} rows={rows} />
      )}
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 border-t border-line bg-well px-3 text-meta text-ink-3">
        <span>
          {rows.length < wanted ? "first " : ""}
          <b className="font-medium text-ink-2">{formatNumber(rows.length)}</b> of {formatNumber(wanted)}
          {change === undefined ? " that differ" : ` ${change}`}
        </span>
        <span>{formatNumber(counts.unchanged)} unchanged</span>
        <span>{KEY_WORDS[key.how](key.columns.join(", "))}</span>
        {more === null && rows.length < wanted && rows.length >= LISTED_ROWS ? (
          <span>no more than {formatNumber(LISTED_ROWS)} of a kind are listed</span>
        ) : null}
        <span className="flex-1" />
        {more}
      </div>
    </div>
  );
}

const KEY_WORDS: Record<RowComparison["key"]["how"], (columns: string) => string> = {
  declared: (columns) => `matched by the key ${columns}`,
  guessed: (columns) => `matched by ${columns}, unique in both`,
  given: (columns) => `matched by ${columns}`,
  row: () => "matched by the whole row",
};

function Kind({
  isChosen,
  tone = "text-ink",
  onChoose,
  children,
}: {
  isChosen: boolean;
  tone?: string;
  onChoose: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={cx(
        "h-7 rounded-m border px-2 text-meta font-medium whitespace-nowrap",
        tone,
        isChosen ? "border-line bg-raised" : "border-transparent hover:bg-hover",
      )}
    >
      {children}
    </button>
  );
}

/** A kind of row as the address says it; undefined for what is none. */
export function changeOf(text: string | null): RowChange | undefined {
  return RowChange.safeParse(text).data;
}
