"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NotebookSummary } from "@teatree/shared/contracts/notebooks";
import { useState } from "react";
import { api } from "../../clients/page-api.ts";
import { KEYS, notebooksQuery } from "../../clients/queries.ts";
import { ButtonLink, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LazyConfirm } from "../../ui/lazy-confirm.tsx";
import { Page, PageHead } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { explain, LoadError, say } from "../shell/index.ts";
import { NotebookRow } from "./notebook-row.tsx";

/** All notebooks, the one last changed first. */
export function NotebooksPage() {
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(notebooksQuery(200));
  const [leaving, setLeaving] = useState<NotebookSummary>();
  const remove = useMutation({
    mutationFn: (notebook: NotebookSummary) => api.deleteNotebook({ params: { notebook: notebook.id } }),
    onSuccess: (_, notebook) => say(`“${notebook.title}” is deleted`),
    onError: (failure) => say("Deleting did not work", { detail: explain(failure).title, tone: "fail" }),
    onSettled: () => {
      setLeaving(undefined);
      void client.invalidateQueries({ queryKey: [KEYS.notebooks] });
    },
  });
  return (
    <Page>
      <PageHead
        title="Notebooks"
        actions={
          <ButtonLink href="/notebooks/new" icon="plus" variant="primary" kbd="n n">
            New notebook
          </ButtonLink>
        }
      >
        Markdown with SQL cells: read a version, or submit a change to a model.
      </PageHead>
      {error ? <LoadError what="The notebooks" error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonRows rows={6} height="h-9" label="Loading notebooks" /> : null}
      {data && data.items.length === 0 ? (
        <EmptyState
          icon="notebook"
          title="No notebook yet"
          hint="Begin one to query a version of a model, or to write the change that makes the next."
        />
      ) : null}
      {data && data.items.length > 0 ? (
        <ul className="border-t border-line">
          {data.items.map((notebook) => (
            <li key={notebook.id} className="flex items-center border-b border-hair">
              <NotebookRow notebook={notebook} />
              <IconButton
                icon="trash"
                label={`Delete ${notebook.title}`}
                onClick={() => setLeaving(notebook)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {leaving ? (
        <LazyConfirm
          open
          onClose={() => setLeaving(undefined)}
          onConfirm={() => remove.mutate(leaving)}
          busy={remove.isPending}
          danger
          title={`Delete “${leaving.title}”?`}
          action="Delete notebook"
        >
          Its text is gone for everyone. Versions and jobs that came from it stay.
        </LazyConfirm>
      ) : null}
    </Page>
  );
}
