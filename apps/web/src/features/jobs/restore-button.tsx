"use client";

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { LazyConfirm } from "../../ui/lazy-confirm.tsx";
import { useJobActions } from "./use-job-actions.ts";

/** Makes a new version equal to an older one, after one question. */
export function RestoreButton({ model, version, label }: { model: string; version: number; label: string }) {
  const [asking, setAsking] = useState(false);
  const { restore } = useJobActions();
  return (
    <>
      <Button icon="undo" onClick={() => setAsking(true)}>
        {label}
      </Button>
      {asking ? (
        <LazyConfirm
          open
          onClose={() => setAsking(false)}
          onConfirm={() => restore.mutate({ model, version })}
          busy={restore.isPending}
          title={`Restore ${model} to v${version}?`}
          action={`Restore v${version}`}
        >
          A new version is made that equals v{version}. Nothing is lost: every version in between stays, so
          this can be undone in the same way.
        </LazyConfirm>
      ) : null}
    </>
  );
}
