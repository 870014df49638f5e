"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Tag } from "../../ui/chip.tsx";
import { cx } from "../../ui/class-names.ts";
import { SearchField } from "../../ui/form.tsx";
import { formatNumber, plural } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { SCROLLABLE } from "../../ui/scrollable.ts";
import { SqlText } from "../../ui/sql-text.tsx";
import { useShortcuts } from "../shell/index.ts";
import { stepLabel } from "./job-steps.ts";
import type { LogLine } from "./job-stream.ts";

const SHOWN_AT_MOST = 2_000;
const TONES: Record<LogLine["level"], string> = {
  info: "text-ink-3",
  sql: "text-ink-3",
  warn: "text-stale",
  error: "text-fail",
};

function Line({ line, origin }: { line: LogLine; origin: number }) {
  const loud = line.level === "warn" || line.level === "error";
  return (
    <div className="grid grid-cols-[48px_56px_minmax(0,1fr)] gap-2 pr-3 pl-2 leading-[22px] hover:bg-hover max-md:grid-cols-[44px_minmax(0,1fr)]">
      <span className="text-right text-ink-3">
        +{formatNumber(Math.max(0, Date.parse(line.at) - origin))}
      </span>
      <span className={cx("flex h-[22px] items-center gap-1 max-md:hidden", TONES[line.level])}>
        {loud ? <Icon name="failed" size="xs" /> : null}
        {line.level}
      </span>
      <span className={cx("break-words whitespace-pre-wrap", loud && TONES[line.level])}>
        {line.level === "sql" ? <SqlText sql={line.line} /> : line.line}
      </span>
    </div>
  );
}

/**
 * The job's log, live. With a step chosen only its lines; following keeps the last line in sight until one scrolls up.
 */
export function JobLog(props: {
  lines: LogLine[];
  step: string | undefined;
  onAllSteps: () => void;
  origin: number;
  running: boolean;
}) {
  const [query, setQuery] = useState("");
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const ofStep = useMemo(
    () => (props.step === undefined ? props.lines : props.lines.filter(({ step }) => step === props.step)),
    [props.lines, props.step],
  );
  const found = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return wanted === "" ? ofStep : ofStep.filter(({ line }) => line.toLowerCase().includes(wanted));
  }, [ofStep, query]);
  const shown = found.slice(-SHOWN_AT_MOST);
  const last = shown.at(-1)?.number;

  useEffect(() => {
    if (follow && last !== undefined) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [follow, last]);
  useShortcuts([
    { id: "log follow", keys: "f", label: "Follow the log", group: "Job", run: () => setFollow((on) => !on) },
    {
      id: "log search",
      keys: "/",
      label: "Search the log",
      group: "Job",
      run: () => search.current?.focus(),
    },
  ]);
  const onScroll = () => {
    const place = box.current;
    if (place === null) return;
    setFollow(place.scrollHeight - place.scrollTop - place.clientHeight < 24);
  };

  return (
    <section aria-label="Log" className="flex min-w-0 flex-col">
      <div className="mb-1 flex min-h-7 flex-wrap items-center gap-2">
        <h2 className="text-head font-semibold">Log</h2>
        {props.step === undefined ? null : (
          <span className="flex items-center gap-0.5">
            <Tag>{stepLabel(props.step)}</Tag>
            <IconButton icon="close" size="s" label="Show the log of all steps" onClick={props.onAllSteps} />
          </span>
        )}
        <span className="text-meta text-ink-3">
          {query === ""
            ? plural(ofStep.length, "line")
            : `${formatNumber(found.length)} of ${plural(ofStep.length, "line")}`}
        </span>
        <span className="flex-1" />
        <SearchField
          ref={search}
          label="Search log"
          kbd="/"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="w-40"
        />
        <Button
          size="s"
          variant="quiet"
          icon={follow ? "check" : "arrowDown"}
          kbd="f"
          aria-pressed={follow}
          onClick={() => setFollow(!follow)}
        >
          Follow
        </Button>
      </div>
      <div
        ref={box}
        role="log"
        {...SCROLLABLE}
        aria-label={props.step === undefined ? "Log of all steps" : `Log of ${stepLabel(props.step)}`}
        onScroll={onScroll}
        className="h-72 overflow-y-auto rounded-m bg-code py-1.5 font-mono text-meta"
      >
        {found.length > shown.length ? (
          <p className="px-3 text-ink-3">Only the last {formatNumber(SHOWN_AT_MOST)} lines are shown.</p>
        ) : null}
        {shown.map((line) => (
          <Line key={line.number} line={line} origin={props.origin} />
        ))}
        {shown.length === 0 ? <p className="px-3 font-sans text-ink-3">{emptyWord(query, props)}</p> : null}
      </div>
    </section>
  );
}

function emptyWord(
  query: string,
  { step, running, lines }: { step: string | undefined; running: boolean; lines: LogLine[] },
) {
  if (query !== "") return "No line holds this text.";
  if (step !== undefined && lines.length > 0) return "This step wrote no line.";
  return running ? "Lines appear here while the job runs." : "This job wrote no line.";
}
