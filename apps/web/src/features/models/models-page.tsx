"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { modelsQuery } from "../../clients/queries.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page, PageHead } from "../../ui/page.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { LoadError } from "../shell/index.ts";
import { FileDrop } from "./file-drop.tsx";
import { ImportDialog, NewModelDialog } from "./lazy-dialogs.tsx";
import { ModelsTable } from "./models-table.tsx";

/** All models, and the two ways to a new one. `?new=1` opens the dialog. */
export function ModelsPage() {
  const { data, error, isPending, refetch } = useQuery(modelsQuery());
  const router = useRouter();
  const asked = useSearchParams().has("new");
  const [importing, setImporting] = useState<{ file?: File }>();
  const importButton = (
    <Button icon="upload" onClick={() => setImporting({})}>
      Import a file
    </Button>
  );
  const newButton = (
    <Button
      icon="plus"
      variant={data?.items.length === 0 ? "primary" : "secondary"}
      kbd="n m"
      onClick={() => router.replace("/models?new=1")}
    >
      New model
    </Button>
  );
  return (
    <Page>
      <PageHead
        title="Models"
        actions={
          <>
            {importButton}
            {newButton}
          </>
        }
      >
        Each is a database that changes only by jobs and keeps every version as a file.
      </PageHead>
      {error ? <LoadError what="The models" error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonRows rows={5} label="Loading models" /> : null}
      {data && data.items.length > 0 ? <ModelsTable models={data.items} /> : null}
      {data && data.items.length === 0 ? (
        <EmptyState
          icon="database"
          title="No model yet"
          hint="Drop a file to make the first one, or begin with an empty model."
        >
          <div className="w-full max-w-md">
            <FileDrop onFile={(file) => setImporting({ file })} />
          </div>
        </EmptyState>
      ) : null}
      {asked ? <NewModelDialog open onClose={() => router.replace("/models")} /> : null}
      {importing ? <ImportDialog open onClose={() => setImporting(undefined)} file={importing.file} /> : null}
    </Page>
  );
}
