"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { v7 as uuidv7 } from "uuid";
import { api } from "../../clients/page-api.ts";
import { LoadError } from "../shell/index.ts";
import { createCell, type Target } from "./notebook-document.ts";
import { NotebookSkeleton } from "./notebook-skeleton.tsx";
import { serializeNotebook } from "./serialize-notebook.ts";

export type NewNotebook = {
  model: string | null;
  target: string | null;
  title: string | null;
  table: string | null;
  /** The version that the cell is pinned to; absent: the latest. */
  version: string | null;
};

/** `/notebooks/new`: makes the notebook that the address describes and goes there. */
export function NewNotebookPage(wanted: NewNotebook) {
  const router = useRouter();
  // Made once: pressing back or a second render must not leave a row of empty notebooks.
  const [id] = useState(() => uuidv7());
  const begun = useRef(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void attempt;
    makeNotebook(id, wanted)
      .then((made) => router.replace(`/notebooks/${made}`))
      .catch((error: unknown) => setFailure(error));
  }, [id, wanted, router, attempt]);
  if (failure === null) return <NotebookSkeleton />;
  const retry = () => {
    begun.current = false;
    setFailure(null);
    setAttempt((count) => count + 1);
  };
  return (
    <div className="mx-auto max-w-160 p-6">
      <LoadError what="A new notebook" error={failure} onRetry={retry} />
    </div>
  );
}

async function makeNotebook(id: string, wanted: NewNotebook): Promise<string> {
  const model = wanted.model ?? (await onlyModel());
  const version = pinnedVersion(wanted);
  const tables = model === null ? [] : await tablesOf(model, version);
  const table = tables.find(({ name }) => name === wanted.table) ?? tables[0];
  const title = (wanted.title ?? (model === null ? "Untitled" : `Notes on ${model}`)).slice(0, 200);
  const source = table ? `FROM ${quoted(table.name)}\nLIMIT 1000` : "";
  const cell = createCell("sql", {
    name: table ? "preview" : "query",
    source,
    target: targetOf(wanted.target, version),
  });
  const body = serializeNotebook({ title, model, frontMatter: "", cells: [cell] });
  const made = await api.createNotebook({ body: { id, title, model, body } });
  return made.id;
}

function pinnedVersion({ version }: NewNotebook): number | "latest" {
  return version !== null && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : "latest";
}

async function tablesOf(model: string, version: number | "latest"): Promise<{ name: string }[]> {
  if (version === "latest") return (await api.getModel({ params: { model } })).tables;
  return (await api.getVersion({ params: { model, version } })).tables;
}

function targetOf(place: string | null, version: number | "latest"): Target {
  if (place === "submit") return { place };
  return { place: place === "device" ? "device" : "version", version };
}

async function onlyModel(): Promise<string | null> {
  const { items } = await api.listModels({ query: { limit: 2 } });
  return items.length === 1 ? (items[0]?.name ?? null) : null;
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
