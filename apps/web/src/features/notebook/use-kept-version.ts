"use client";

import { useEffect, useState } from "react";
import { keptSnapshot } from "../device/index.ts";
import type { CellRun } from "./cell-run.ts";

/** The newest version of the model on this device; looked up again after a run on it. */
export function useKeptVersion(modelId: string | null, runs: Record<string, CellRun>): number | null {
  const [version, setVersion] = useState<number | null>(null);
  const deviceRuns = Object.values(runs)
    .map(({ outcome }) => (outcome?.kind === "result" && outcome.place === "device" ? outcome.version : 0))
    .join(",");
  useEffect(() => {
    if (modelId === null) return;
    let gone = false;
    // A run that ended may have kept a version this page did not know of.
    void deviceRuns;
    keptSnapshot(modelId, "latest").then(
      (kept) => {
        if (!gone) setVersion(kept?.version ?? null);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [modelId, deviceRuns]);
  return version;
}
