"use client";

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ForkDialog } from "./lazy-fork-dialog.tsx";

/** Begins a new model with a version of this one. */
export function ForkButton({ model, version }: { model: string; version: number }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon="plus" onClick={() => setAsking(true)}>
        Fork
      </Button>
      {asking ? <ForkDialog model={model} version={version} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
