"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../clients/page-api.ts";
import { KEYS } from "../../clients/queries.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { LoadError } from "../shell/index.ts";
import { NotebookSkeleton } from "./notebook-skeleton.tsx";
import { NotebookWorkbench } from "./notebook-workbench.tsx";

/** `/notebooks/[id]`. What is open is edited here, so the server's copy is read once and not under the writer's hands. */
export function NotebookPage({ id }: { id: string }) {
  const client = useQueryClient();
  const [opened, setOpened] = useState(0);
  const notebook = useQuery({
    queryKey: [KEYS.notebooks, "open", id, opened],
    queryFn: ({ signal }) => api.getNotebook({ params: { notebook: id } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (notebook.isPending) return <NotebookSkeleton />;
  if (notebook.isError) {
    return (
      <div className="mx-auto flex max-w-160 flex-col items-start gap-3 p-6">
        <LoadError what="The notebook" error={notebook.error} onRetry={() => void notebook.refetch()} />
        <ButtonLink href="/notebooks">All notebooks</ButtonLink>
      </div>
    );
  }
  const reload = () => {
    client.removeQueries({ queryKey: [KEYS.notebooks, "open", id] });
    setOpened((count) => count + 1);
  };
  return <NotebookWorkbench key={`${id}-${opened}`} notebook={notebook.data} onReload={reload} />;
}
