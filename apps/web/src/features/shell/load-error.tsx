"use client";

import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { explain } from "./errors.ts";

/** In the place of what could not be loaded: what happened, what to do, and the button that does it. */
export function LoadError({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const { title, advice } = explain(error);
  return (
    <ErrorNotice
      title={`${what} could not be loaded`}
      detail={
        <>
          {title} {advice}
        </>
      }
    >
      <Button size="s" icon="retry" onClick={onRetry}>
        Try again
      </Button>
    </ErrorNotice>
  );
}
