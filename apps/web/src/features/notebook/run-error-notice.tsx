"use client";

import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { RunError } from "./cell-run.ts";
import { adviceFor } from "./run-errors.ts";

type Props = {
  error: RunError;
  /** The text the error counts lines in is still the cell's. */
  current: boolean;
  onReplace?: (wrong: string, right: string) => void;
  action?: React.ReactNode;
};

/** Below the SQL: what went wrong, where, and what to do. The text above stays as it was written. */
export function RunErrorNotice({ error, current, onReplace, action }: Props) {
  const { message, line, column, suggestion, code } = error;
  const [first = "", ...rest] = message.split("\n");
  const advice = adviceFor(code);
  return (
    <div
      role="alert"
      className={`mt-1 flex flex-wrap items-start gap-x-3 gap-y-1 rounded-r-s border-l-2 border-fail bg-fail-soft px-2.5 py-1.5`}
    >
      <Icon name="failed" size="s" className="mt-0.75 text-fail" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium break-words text-fail">
          {first}
          {line !== undefined ? (
            <span className="ml-2 font-normal whitespace-nowrap text-ink-2">
              line {line}
              {column !== undefined ? `, column ${column}` : ""}
              {current ? "" : " of the text before your edit"}
            </span>
          ) : null}
        </p>
        {rest.length > 0 ? (
          <p className="font-mono text-meta break-words whitespace-pre-wrap text-ink-2">
            {rest.join("\n").trim()}
          </p>
        ) : null}
        {advice ? <p className="text-ink-2">{advice}</p> : null}
      </div>
      {suggestion && current && onReplace ? (
        <span className="flex items-center gap-2">
          <span>
            Did you mean <code className="font-mono text-meta font-medium">{suggestion.right}</code>?
          </span>
          <Button size="s" onClick={() => onReplace(suggestion.wrong, suggestion.right)}>
            Replace
          </Button>
        </span>
      ) : null}
      {action}
    </div>
  );
}
