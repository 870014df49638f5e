"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { KEYS, modelsQuery } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { TextField } from "../../ui/form.tsx";
import { explain } from "../shell/index.ts";
import { modelNameProblem } from "./import-plan.ts";

/** Makes an empty model and goes to it. */
export function NewModelDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const router = useRouter();
  const models = useQuery({ ...modelsQuery(), enabled: open });
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [tried, setTried] = useState(false);
  const problem = modelNameProblem(name, models.data?.items.map((model) => model.name) ?? []);
  const create = useMutation({
    mutationFn: () =>
      api.createModel({ body: { name, description: description === "" ? undefined : description } }),
    onSuccess: (model) => {
      void client.invalidateQueries({ queryKey: [KEYS.models] });
      router.push(`/models/${model.name}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === undefined) create.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New model"
      description="An empty data model. Its first version comes with the first change."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="new-model" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <form id="new-model" onSubmit={submit} className="flex flex-col gap-3">
        {create.error ? (
          <ErrorNotice title={explain(create.error).title} detail={explain(create.error).advice} />
        ) : null}
        <TextField
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="It stands in addresses and file names, such as flights-v43.duckdb."
          error={tried ? problem : undefined}
          mono
          autoComplete="off"
        />
        <TextField
          label="Description (optional)"
          value={description}
          onChange={(event) => setDescription(event.target.value)}
          maxLength={2000}
        />
      </form>
    </Dialog>
  );
}
