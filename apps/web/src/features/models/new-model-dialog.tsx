"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "../../clients/page-api.ts";
import { KEYS, modelsQuery } from "../../clients/queries.ts";
import { TextField } from "../../ui/form.tsx";
import { FormDialog } from "../shell/index.ts";
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
  const submit = () => {
    setTried(true);
    if (problem === undefined) create.mutate();
  };
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title="New model"
      description="An empty data model. Its first version comes with the first change."
      action="Create"
      onSubmit={submit}
      busy={create.isPending}
      error={create.error}
    >
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
    </FormDialog>
  );
}
