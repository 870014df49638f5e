"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery, modelsQuery } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { SelectField, TextField } from "../../ui/form.tsx";
import { formatBytes } from "../../ui/format.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { FormDialog } from "../shell/index.ts";
import { FileDrop } from "./file-drop.tsx";
import { fileProblem, modelNameProblem, tableNameFor } from "./import-plan.ts";
import { type ImportState, useImport } from "./use-import.ts";

const NEW = " new";
const MODES = [
  ["create", "Make a new table"],
  ["replace", "Replace the table's rows"],
  ["append", "Add to the table"],
] as const;

function Progress({ state, onStop }: { state: ImportState; onStop: () => void }) {
  if (state.at !== "sending" && state.at !== "submitting") return null;
  const word =
    state.at === "submitting"
      ? "Submitting the job"
      : `Sending, ${formatBytes(state.sentBytes)} of ${formatBytes(state.totalBytes)}`;
  return (
    <div className="flex flex-col gap-1.5" role="status">
      <div className="flex items-center justify-between text-meta text-ink-2">
        {word}
        <Button size="s" onClick={onStop}>
          Stop
        </Button>
      </div>
      <ProgressBar
        label="Upload"
        value={state.at === "sending" && state.totalBytes > 0 ? state.sentBytes / state.totalBytes : null}
      />
    </div>
  );
}

/** Brings a file into a model: choose where, see it sent, then follow the job. */
export function ImportDialog({
  open,
  onClose,
  file: given,
  model: fixedModel,
}: {
  open: boolean;
  onClose: () => void;
  file?: File;
  model?: string;
}) {
  const models = useQuery({ ...modelsQuery(), enabled: open });
  const me = useQuery({ ...meQuery(), enabled: open });
  const [chosen, setChosen] = useState<File>();
  const [model, setModel] = useState<string>();
  const [newModel, setNewModel] = useState<string>();
  const [table, setTable] = useState<string>();
  const [mode, setMode] = useState<(typeof MODES)[number][0]>("create");
  const { state, run, cancel } = useImport();

  const file = chosen ?? given;
  const names = models.data?.items.map(({ name }) => name) ?? [];
  const target = fixedModel ?? model ?? names[0] ?? NEW;
  const suggested = file ? tableNameFor(file.name) : "";
  const tableName = table ?? suggested;
  const modelName = target === NEW ? (newModel ?? suggested.replaceAll("_", "-")) : target;
  const limit = me.data?.uploadLimitBytes ?? Number.POSITIVE_INFINITY;
  const problems = {
    file: file ? fileProblem(file, limit, formatBytes(limit)) : undefined,
    model: target === NEW ? modelNameProblem(modelName, names) : undefined,
    table: tableName.trim() === "" ? "Give the table a name." : undefined,
  };
  const ready = file !== undefined && Object.values(problems).every((problem) => problem === undefined);
  const busy = state.at === "sending" || state.at === "submitting";
  const close = () => {
    cancel();
    onClose();
  };
  const submit = () => {
    if (ready && !busy)
      void run({ file, model: modelName, createModel: target === NEW, table: tableName.trim(), mode });
  };

  return (
    <FormDialog
      open={open}
      onClose={close}
      title={fixedModel ? `Import a file into ${fixedModel}` : "Import a file"}
      description="The file is uploaded, then one job makes the next version."
      action="Import"
      onSubmit={submit}
      busy={busy}
      disabled={!ready}
      error={state.at === "failed" ? state.error : null}
    >
      <FileDrop
        onFile={setChosen}
        title={file ? file.name : "Drop a file"}
        note={file ? `${formatBytes(file.size)}; drop another to change` : undefined}
      />
      {problems.file ? <ErrorNotice title={problems.file} /> : null}
      {fixedModel === undefined ? (
        <SelectField label="Model" value={target} onChange={(event) => setModel(event.target.value)}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
          <option value={NEW}>a new model</option>
        </SelectField>
      ) : null}
      {target === NEW && fixedModel === undefined ? (
        <TextField
          label="Name of the new model"
          value={modelName}
          onChange={(event) => setNewModel(event.target.value)}
          error={file ? problems.model : undefined}
          mono
        />
      ) : null}
      <TextField
        label="Table"
        value={tableName}
        onChange={(event) => setTable(event.target.value)}
        error={file ? problems.table : undefined}
        mono
      />
      <SelectField
        label="What to do"
        value={mode}
        onChange={(event) => setMode(MODES.find(([value]) => value === event.target.value)?.[0] ?? "create")}
      >
        {MODES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <Progress state={state} onStop={cancel} />
    </FormDialog>
  );
}
