"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recentVersionsQuery } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Time } from "../../ui/figures.tsx";
import { SelectField } from "../../ui/form.tsx";
import { LoadError } from "../shell/index.ts";
import type { Target } from "./notebook-document.ts";

type Props = {
  model: string | null;
  target: Target;
  onClose: () => void;
  onChoose: (version: number | "latest") => void;
};

/** Pins a cell to one version, or lets it follow the newest. */
export function VersionDialog({ model, target, onClose, onChoose }: Props) {
  const versions = useQuery({ ...recentVersionsQuery(model ?? "", 200), enabled: model !== null });
  const before = target.place === "submit" ? "latest" : target.version;
  const [chosen, setChosen] = useState(String(before));
  const items = versions.data?.items ?? [];
  const picked = items.find(({ version }) => String(version) === chosen);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Run on another version"
      description="The cell stays on it when new versions come. The SQL stays the same."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={() => onChoose(chosen === "latest" ? "latest" : Number(chosen))}>
            Choose
          </Button>
        </>
      }
    >
      {versions.isError ? (
        <LoadError what="The versions" error={versions.error} onRetry={() => versions.refetch()} />
      ) : (
        <div className="flex flex-col gap-2">
          <SelectField label="Version" value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="latest">Newest, whichever it is</option>
            {items.map(({ version }) => (
              <option key={version} value={version}>
                Version {version}
              </option>
            ))}
          </SelectField>
          <p className="min-h-4 text-meta text-ink-3">
            {picked ? (
              <>
                Published <Time at={picked.createdAt} />, {picked.tables.length}{" "}
                {picked.tables.length === 1 ? "table" : "tables"}
              </>
            ) : null}
          </p>
        </div>
      )}
    </Dialog>
  );
}
