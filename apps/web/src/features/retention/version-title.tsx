"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { NameVersion } from "@teatree/shared/contracts/retention";
import type { Version } from "@teatree/shared/contracts/versions";
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { explain } from "../shell/index.ts";

/** A version's name beside its number, to be given, changed or taken away in place. */
export function VersionTitle({ model, version }: { model: string; version: Version }) {
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    // The button is there again: focus goes back to where it was.
    if (wasEditing.current && !editing) opener.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  if (editing) return <NameForm model={model} version={version} onClose={() => setEditing(false)} />;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      {version.name === null ? null : (
        <span className="min-w-0 truncate text-prose font-medium">{version.name}</span>
      )}
      <Button ref={opener} size="s" variant="quiet" onClick={() => setEditing(true)}>
        {version.name === null ? "Name it" : "Rename"}
      </Button>
    </span>
  );
}

function NameForm({ model, version, onClose }: { model: string; version: Version; onClose: () => void }) {
  const client = useQueryClient();
  const note = useId();
  const field = useRef<HTMLInputElement>(null);
  // The field takes the place of the button that was just pressed.
  useEffect(() => field.current?.focus(), []);
  const [name, setName] = useState(version.name ?? "");
  const params = { model, version: version.version };
  const save = useMutation({
    mutationFn: (text: string) =>
      text === "" ? api.unnameVersion({ params }) : api.nameVersion({ params, body: { name: text } }),
    onSuccess: async (saved) => {
      client.setQueryData([KEYS.versions, model, "one", version.version], saved);
      onClose();
      await client.invalidateQueries({ queryKey: [KEYS.versions, model] });
    },
  });
  const text = name.trim();
  const isWrong = text !== "" && !NameVersion.safeParse({ name: text }).success;
  const problem = isWrong ? "At most 80 characters." : save.error ? explain(save.error).title : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text === (version.name ?? "")) onClose();
    else if (!isWrong) save.mutate(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form onSubmit={submit} className="inline-flex flex-wrap items-center gap-1.5">
      <input
        ref={field}
        aria-label={`Name of version ${version.version}`}
        aria-describedby={note}
        aria-invalid={problem !== undefined || undefined}
        value={name}
        maxLength={100}
        autoComplete="off"
        placeholder="Q3 close"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-7 w-64 max-w-full rounded-m border border-control bg-raised px-2 text-ui font-normal text-ink aria-invalid:border-fail"
      />
      <Button type="submit" size="s" busy={save.isPending}>
        {text === "" && version.name !== null ? "Remove name" : "Save name"}
      </Button>
      <Button size="s" variant="quiet" onClick={onClose}>
        Cancel
      </Button>
      <span
        id={note}
        role={problem ? "alert" : undefined}
        className={problem ? "text-meta text-fail" : "text-meta text-ink-3"}
      >
        {problem ?? "A named version is never removed."}
      </span>
    </form>
  );
}
