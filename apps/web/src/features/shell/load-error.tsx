"use client";

import { Button, ButtonLink } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { explain } from "./errors.ts";

/** In the place of what could not be loaded: what happened, what to do, and the button that does it. */
export function LoadError({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const { title, advice, elsewhere } = explain(error);
  return (
    <ErrorNotice
      title={`${what} could not be loaded`}
      detail={
        <>
          {title} {advice}
        </>
      }
    >
      {elsewhere ? (
        <ButtonLink size="s" href={elsewhere.href}>
          {elsewhere.label}
        </ButtonLink>
      ) : (
        <Button size="s" icon="retry" onClick={onRetry}>
          Try again
        </Button>
      )}
    </ErrorNotice>
  );
}
