"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Retention } from "@teatree/shared/contracts/retention";
import { type FormEvent, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { TextField } from "../../ui/form.tsx";
import { explain } from "../shell/index.ts";
import { retentionQuery } from "./queries.ts";

/** An empty field is no limit; anything else must be a whole number that the contract allows. */
function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text.trim());
}

const PROBLEM = {
  keepLast: "A whole number from 1, or empty.",
  keepDays: "A whole number from 1 to 36,500, or empty.",
  graceMinutes: "A whole number of minutes from 0 to 525,600.",
};

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
  const [keepLast, setKeepLast] = useState(retention.keepLast?.toString() ?? "");
  const [keepDays, setKeepDays] = useState(retention.keepDays?.toString() ?? "");
  const [grace, setGrace] = useState(retention.graceMinutes.toString());
  const [tried, setTried] = useState(false);
  const parsed = Retention.safeParse({
    keepLast: numberOf(keepLast),
    keepDays: numberOf(keepDays),
    graceMinutes: numberOf(grace),
  });
  const wrong = new Set(parsed.success || !tried ? [] : parsed.error.issues.map(({ path }) => path[0]));
  const problem = (field: keyof typeof PROBLEM) => (wrong.has(field) ? PROBLEM[field] : undefined);
  const save = useMutation({
    mutationFn: (body: Retention) => api.setRetention({ params: { model }, body }),
    onSuccess: (saved) => {
      client.setQueryData(retentionQuery(model).queryKey, saved);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (parsed.success) save.mutate(parsed.data);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Retention of ${model}`}
      description="The current version and named ones always stay. With both fields empty, every version does."
      footnote="Nothing is removed before the next collection."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="retention" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id="retention" onSubmit={submit} noValidate className="flex flex-col gap-3">
        {save.error ? (
          <ErrorNotice title={explain(save.error).title} detail={explain(save.error).advice} />
        ) : null}
        <TextField
          label="Keep the last versions"
          inputMode="numeric"
          value={keepLast}
          onChange={(event) => setKeepLast(event.target.value)}
          hint="How many of the newest versions. Empty: no such rule."
          error={problem("keepLast")}
          autoComplete="off"
        />
        <TextField
          label="Keep for days"
          inputMode="numeric"
          value={keepDays}
          onChange={(event) => setKeepDays(event.target.value)}
          hint="Every version that was current within so many days. A version stays when either rule keeps it."
          error={problem("keepDays")}
          autoComplete="off"
        />
        <TextField
          label="Grace period in minutes"
          inputMode="numeric"
          value={grace}
          onChange={(event) => setGrace(event.target.value)}
          hint="How long the bytes of a removed version stay, for readers that are in the middle of it."
          error={problem("graceMinutes")}
          autoComplete="off"
        />
      </form>
    </Dialog>
  );
}
