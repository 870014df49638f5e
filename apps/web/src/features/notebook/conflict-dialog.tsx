"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "../../clients/page-api.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { explain } from "../shell/index.ts";
import type { NotebookDocument } from "./notebook-document.ts";
import { contentOf } from "./use-autosave.ts";

/** Two people, or two tabs, edited one notebook: nobody's text is lost, whichever is chosen. */
export function ConflictDialog({ document, onReload }: { document: NotebookDocument; onReload: () => void }) {
  const router = useRouter();
  const [later, setLater] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const keepCopy = async () => {
    try {
      const content = contentOf(document);
      const title = `${content.title.slice(0, 190)} (copy)`;
      const copy = await api.createNotebook({ body: { ...content, title } });
      router.push(`/notebooks/${copy.id}`);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      open={!later}
      onClose={() => setLater(true)}
      title="This notebook was changed elsewhere"
      description="Another tab or person saved it after you opened it. Your edits are still here and were not saved."
      actions={
        <>
          <Button onClick={onReload}>Load theirs</Button>
          <Button variant="primary" onClick={() => void keepCopy()}>
            Keep mine as a copy
          </Button>
        </>
      }
    >
      <p className="text-ink-2">
        Loading theirs drops your edits since then. A copy is a new notebook with your text; theirs stays as
        it is.
      </p>
      {failure ? <ErrorNotice title="The copy was not made" detail={explain(failure).title} /> : null}
    </Dialog>
  );
}
