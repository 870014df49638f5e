"use client";

import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Notebook } from "@teatree/shared/contracts/notebooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../clients/page-api.ts";
import type { NotebookDocument } from "./notebook-document.ts";
import { serializeNotebook } from "./serialize-notebook.ts";

export type SaveState =
  | { is: "saved"; at: string }
  | { is: "waiting" }
  | { is: "saving" }
  | { is: "failed"; message: string }
  /** Someone else saved since: nothing is overwritten until people choose. */
  | { is: "conflict" };

const QUIET_MS = 700;
const RETRY_MS = 4000;

/**
 * Saves a moment after the last edit, one request at a time, each with the revision it was made from.
 * @param edits grows with each edit; what is saved last has the number it stood at
 */
export function useAutosave(notebook: Notebook, document: NotebookDocument, edits: number) {
  const [state, setState] = useState<SaveState>({ is: "saved", at: notebook.updatedAt });
  const revision = useRef(notebook.revision);
  const savedEdits = useRef(0);
  const latest = useRef({ document, edits });
  latest.current = { document, edits };
  const blocked = state.is === "conflict";
  const conflicted = useRef(blocked);
  conflicted.current = blocked;

  const save = useCallback(async () => {
    const { document: now, edits: upTo } = latest.current;
    setState({ is: "saving" });
    try {
      const body = { ...contentOf(now), revision: revision.current };
      const saved = await api.saveNotebook({ params: { notebook: notebook.id }, body });
      revision.current = saved.revision;
      savedEdits.current = upTo;
      setState(latest.current.edits === upTo ? { is: "saved", at: saved.updatedAt } : { is: "waiting" });
    } catch (error) {
      if (error instanceof TeatreeError && error.code === "revision_conflict")
        return setState({ is: "conflict" });
      setState({ is: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }, [notebook.id]);

  useEffect(() => {
    if (edits === savedEdits.current || blocked) return;
    setState((now) => (now.is === "saving" ? now : { is: "waiting" }));
  }, [edits, blocked]);

  useEffect(() => {
    if (state.is !== "waiting" && state.is !== "failed") return;
    const timer = setTimeout(save, state.is === "failed" ? RETRY_MS : QUIET_MS);
    return () => clearTimeout(timer);
    // Each edit begins the quiet time anew.
  }, [state, edits, save]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (latest.current.edits !== savedEdits.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("beforeunload", warn);
      // Left by a link within the quiet time: the edit is saved all the same.
      if (latest.current.edits !== savedEdits.current && !conflicted.current) void save();
    };
  }, [save]);

  return { state, saveNow: save };
}

/** What a notebook is saved as. */
export function contentOf(document: NotebookDocument) {
  const title = document.title.trim().slice(0, 200) || "Untitled";
  return { title, model: document.model, body: serializeNotebook({ ...document, title }) };
}
