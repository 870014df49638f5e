"use client";

import { ModelName } from "@teatree/shared/contracts/ids";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { TextField } from "../../ui/form.tsx";
import { explain } from "../shell/index.ts";
import { useJobActions } from "./use-job-actions.ts";

type Props = { model: string; version: number; onClose: () => void };

/** Asks for the new model's name, submits the fork and goes to its job. */
export function ForkDialog({ model, version, onClose }: Props) {
  const [name, setName] = useState(`${model}-copy`.slice(0, 63));
  const { fork } = useJobActions();
  const parsed = ModelName.safeParse(name);
  const problem = parsed.success ? undefined : parsed.error.issues[0]?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) fork.mutate({ model, version, name: parsed.data });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Fork ${model} v${version}`}
      description={`A new model that begins with v${version}. It shares its blocks, so it takes next to no room, and goes its own way.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="fork-model" busy={fork.isPending}>
            Fork
          </Button>
        </>
      }
    >
      <form id="fork-model" onSubmit={submit} className="flex flex-col gap-3">
        {fork.error ? (
          <ErrorNotice title={explain(fork.error).title} detail={explain(fork.error).advice} />
        ) : null}
        <TextField
          label="Name of the new model"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problem}
          mono
          autoComplete="off"
        />
      </form>
    </Dialog>
  );
}
