"use client";

import type { Model } from "@teatree/shared/contracts/models";
import { useEffect, useRef } from "react";
import { type Cell, type NotebookDocument, runsWhenOpened } from "./notebook-document.ts";

/** Runs the reading cells once, as soon as there is a version to read, when the notebook asks for it. */
export function useRunWhenOpened(
  document: NotebookDocument,
  model: Model | null,
  reads: Cell[],
  run: (cells: Cell[]) => void,
): void {
  const done = useRef(false);
  const ready = model !== null && model.currentVersion > 0;
  useEffect(() => {
    if (done.current || !ready) return;
    done.current = true;
    // A download into this browser is asked for by hand, never by opening a page.
    if (runsWhenOpened(document)) run(reads.filter(({ target }) => target.place === "version"));
  });
}
