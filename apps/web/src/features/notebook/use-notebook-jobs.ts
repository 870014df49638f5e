"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { isJobOf } from "./cell-run.ts";
import { recallJobs, rememberJobs } from "./job-memory.ts";
import type { Cell } from "./notebook-document.ts";

/** Which job each cell shows, by the cell's key: from this browser's memory, else from the jobs of this notebook. */
export function useNotebookJobs(notebook: string, model: string | null, cells: Cell[]) {
  const [jobIds, setJobIds] = useState<Record<string, string>>(() => {
    const known = recallJobs(notebook);
    return Object.fromEntries(
      cells.flatMap(({ key, name }) => (known[name] === undefined ? [] : [[key, known[name]] as const])),
    );
  });
  const setJob = useCallback(
    (key: string, jobId: string) => setJobIds((before) => ({ ...before, [key]: jobId })),
    [],
  );

  useEffect(() => {
    rememberJobs(
      notebook,
      Object.fromEntries(
        cells.flatMap(({ key, name }) => (jobIds[key] === undefined ? [] : [[name, jobIds[key]] as const])),
      ),
    );
  }, [notebook, cells, jobIds]);

  const searched = useRef(false);
  useEffect(() => {
    if (searched.current || model === null) return;
    searched.current = true;
    const without = cells.filter(
      ({ key, kind, target }) =>
        kind !== "markdown" && target.place === "submit" && jobIds[key] === undefined,
    );
    if (without.length === 0) return;
    for (const kind of new Set(without.map((cell) => cell.kind))) {
      // A cell's kind is the name of the function that it submits.
      api
        .listJobs({ query: { model, function: kind, limit: 100 } })
        .then(({ items }) => {
          const own = items.filter((job) => job.notebookId === notebook);
          for (const cell of without) {
            const job = cell.kind === kind ? own.find((candidate) => isJobOf(cell, candidate)) : undefined;
            if (job) setJob(cell.key, job.id);
          }
        })
        // The chips of other browsers' jobs are a courtesy; the jobs page has them.
        .catch(() => undefined);
    }
  }, [notebook, model, cells, jobIds, setJob]);
  return { jobIds, setJob };
}
