"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { v7 as uuidv7 } from "uuid";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { formatDuration } from "../../ui/format.ts";
import { StateBadge } from "../../ui/state-badge.tsx";
import { explain, keysForPeople, useIsMac } from "../shell/index.ts";
import { PlainCode } from "./editor/plain-code.tsx";
import { useFacts } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";
import { WrittenTableFields } from "./polars/written-table-fields.tsx";
import { PreviewPart } from "./preview/preview-part.tsx";
import { type PreviewState, usePreview } from "./preview/use-preview.ts";
import { statementWords } from "./sql/statement-words.ts";
import { type SubmittedCall, submittedCall } from "./submitted-call.ts";
import { useSettled } from "./use-settled.ts";

type Props = { cell: Cell; onClose: () => void; onSubmitted: (jobId: string) => void };

/** What will be asked of the model, on what, and one button that asks it. */
export function SubmitSheet({ cell, onClose, onSubmitted }: Props) {
  const { model, notebookId, catalog } = useFacts();
  const client = useQueryClient();
  const mac = useIsMac();
  const current = model?.currentVersion ?? 0;
  const polars = cell.kind === "polars";
  const call = useMemo(() => submittedCall(cell), [cell]);
  // The name of a table is typed letter by letter.
  const settled = useSettled(call, polars ? 400 : 0);
  const preview = usePreview(model?.name, current, settled);
  const [onlyIfCurrent, setOnlyIfCurrent] = useState(current > 0);
  // One id per sheet: a second press, or a retry after a lost answer, is still one intent.
  const [id] = useState(() => uuidv7());
  const [opened] = useState(current);
  // What was seen is what is submitted: a version that came meanwhile counts once its preview is there.
  const base = preview.preview?.baseVersion ?? opened;
  const submit = useMutation({
    mutationFn: (wanted: SubmittedCall) =>
      api.submitIntent(model?.name ?? "", {
        id,
        ...wanted,
        notebookId,
        ...(onlyIfCurrent && base > 0 ? { baseVersion: base } : {}),
      }),
    onSuccess: ({ jobId }) => {
      void client.invalidateQueries({ queryKey: [KEYS.jobs] });
      onSubmitted(jobId);
    },
  });
  const empty = cell.source.trim() === "";
  const send = useRef(() => {});
  send.current = () => {
    if (!submit.isPending && call && model) submit.mutate(call);
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.stopPropagation();
      send.current();
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);

  const words = polars ? [] : statementWords(cell.source);
  const moved = base !== current;
  return (
    <Sheet
      open
      onClose={onClose}
      title={`Submit ${cell.name} to ${model?.name ?? "a model"}`}
      description={descriptionOf(preview)}
      footnote={
        onlyIfCurrent && base > 0
          ? `One transaction. If v${base} is no longer current when it runs, it fails and changes nothing.`
          : "One transaction: all of it is applied, or nothing."
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            kbd={keysForPeople("Mod+Enter", mac)}
            busy={submit.isPending}
            disabled={!call || !model}
            onClick={() => send.current()}
          >
            Submit
          </Button>
        </>
      }
    >
      <dl className="mb-4 flex flex-wrap gap-x-8 gap-y-2">
        <Fact name="Base">
          {base > 0 ? <span className="font-mono text-meta">v{base}</span> : "empty model"}{" "}
          <StateBadge
            state={moved ? "behind" : base > 0 ? "current" : "empty"}
            label={moved ? `v${current} is current` : undefined}
          />
        </Fact>
        <Fact name="Makes">
          <span className="font-mono text-meta">v{current + 1}</span>
          <span className="font-normal text-ink-3"> or newer</span>
        </Fact>
        {polars ? (
          <Fact name="Runs">Polars, on the server</Fact>
        ) : (
          <Fact name={words.length === 1 ? "Statement" : "Statements"}>
            {words.length === 0 ? "none" : words.length > 1 ? `${words.length} ` : ""}
            <span className="font-mono text-meta">{[...new Set(words)].join(", ")}</span>
          </Fact>
        )}
        <Fact name="Undo">{base > 0 ? `restore v${base}` : "not for the first version"}</Fact>
      </dl>
      {polars ? <WrittenTableFields cell={cell} /> : null}
      {empty ? (
        <p className="rounded-m bg-code px-3 py-2 text-ink-3">
          {polars
            ? "The cell is empty. Write a function that returns a table."
            : "The cell is empty. Write a statement that changes the model."}
        </p>
      ) : (
        <div className="[&>pre]:max-h-60">
          <PlainCode source={cell.source} kind={cell.kind} errorLine={preview.preview?.error?.line} />
        </div>
      )}
      {base > 0 ? (
        <label className="mt-3 flex items-start gap-2">
          <input
            type="checkbox"
            checked={onlyIfCurrent}
            onChange={(event) => setOnlyIfCurrent(event.target.checked)}
            className="mt-0.75 size-3.5 accent-leaf"
          />
          <span>
            Only if v{base} is still current
            <span className="block text-meta text-ink-3">
              Choose this when the {polars ? "code" : "statement"} builds on what you saw in v{base}. Without
              it, it is applied to whatever is current when its turn comes.
            </span>
          </span>
        </label>
      ) : null}
      {submit.isError ? (
        <div className="mt-4">
          <ErrorNotice
            title="It was not submitted"
            detail={[explain(submit.error).title, explain(submit.error).advice].filter(Boolean).join(" ")}
          />
        </div>
      ) : null}
      {!call || !model ? null : (
        <PreviewPart
          state={preview}
          model={model.name}
          tables={catalog.tables.length}
          resultIsTable={polars}
        />
      )}
    </Sheet>
  );
}

function descriptionOf({ is, preview }: PreviewState): string {
  if (is === "running") return "Trying it on a throw-away copy. Nothing has changed yet.";
  if (is !== "done" || !preview)
    return "Nothing has changed yet. The job runs after those that wait before it.";
  const of = preview.baseVersion > 0 ? `a throw-away copy of v${preview.baseVersion}` : "an empty model";
  return `Previewed on ${of} in ${formatDuration(preview.durationMs)}. Nothing has changed yet.`;
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-meta text-ink-3">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
