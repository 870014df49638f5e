"use client";

import { ModelName } from "@teatree/shared/contracts/ids";
import { useState } from "react";
import { TextField } from "../../ui/form.tsx";
import { FormDialog } from "../shell/index.ts";
import { useJobActions } from "./use-job-actions.ts";

type Props = { model: string; version: number; onClose: () => void };

/** Asks for the new model's name, submits the fork and goes to its job. */
export function ForkDialog({ model, version, onClose }: Props) {
  const [name, setName] = useState(`${model}-copy`.slice(0, 63));
  const { fork } = useJobActions();
  const parsed = ModelName.safeParse(name);
  const problem = parsed.success ? undefined : parsed.error.issues[0]?.message;
  const submit = () => {
    if (parsed.success) fork.mutate({ model, version, name: parsed.data });
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Fork ${model} v${version}`}
      description={`A new model that begins with v${version}. It shares its blocks, so it takes next to no room, and goes its own way.`}
      action="Fork"
      onSubmit={submit}
      busy={fork.isPending}
      error={fork.error}
    >
      <TextField
        label="Name of the new model"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={problem}
        mono
        autoComplete="off"
      />
    </FormDialog>
  );
}
