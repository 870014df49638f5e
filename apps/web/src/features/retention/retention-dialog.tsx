"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Retention } from "@teatree/shared/contracts/retention";
import { useState } from "react";
import { api } from "../../clients/page-api.ts";
import { TextField } from "../../ui/form.tsx";
import { FormDialog } from "../shell/index.ts";
import { retentionQuery } from "./queries.ts";

/** An empty field is no limit; anything else must be a whole number that the contract allows. */
function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text.trim());
}

const FIELDS = [
  {
    name: "keepLast",
    label: "Keep the last versions",
    hint: "How many of the newest versions. Empty: no such rule.",
    problem: "A whole number from 1, or empty.",
  },
  {
    name: "keepDays",
    label: "Keep for days",
    hint: "Every version that was current within so many days. A version stays when either rule keeps it.",
    problem: "A whole number from 1 to 36,500, or empty.",
  },
  {
    name: "graceMinutes",
    label: "Grace period in minutes",
    hint: "How long the bytes of a removed version stay, for readers that are in the middle of it.",
    problem: "A whole number of minutes from 0 to 525,600.",
  },
] as const;

/** Says which versions the model keeps. */
export function RetentionDialog({
  model,
  retention,
  onClose,
}: {
  model: string;
  retention: Retention;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [texts, setTexts] = useState({
    keepLast: retention.keepLast?.toString() ?? "",
    keepDays: retention.keepDays?.toString() ?? "",
    graceMinutes: retention.graceMinutes.toString(),
  });
  const [tried, setTried] = useState(false);
  const parsed = Retention.safeParse({
    keepLast: numberOf(texts.keepLast),
    keepDays: numberOf(texts.keepDays),
    graceMinutes: numberOf(texts.graceMinutes),
  });
  const wrong = new Set(parsed.success || !tried ? [] : parsed.error.issues.map(({ path }) => path[0]));
  const save = useMutation({
    mutationFn: (body: Retention) => api.setRetention({ params: { model }, body }),
    onSuccess: (saved) => {
      client.setQueryData(retentionQuery(model).queryKey, saved);
      onClose();
    },
  });
  const submit = () => {
    setTried(true);
    if (parsed.success) save.mutate(parsed.data);
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Retention of ${model}`}
      description="The current version and named ones always stay. With both fields empty, every version does."
      footnote="Nothing is removed before the next collection."
      action="Save"
      onSubmit={submit}
      busy={save.isPending}
      error={save.error}
    >
      {FIELDS.map(({ name, label, hint, problem }) => (
        <TextField
          key={name}
          label={label}
          inputMode="numeric"
          value={texts[name]}
          onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
          hint={hint}
          error={wrong.has(name) ? problem : undefined}
          autoComplete="off"
        />
      ))}
    </FormDialog>
  );
}
