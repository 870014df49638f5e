"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../clients/page-api.ts";
import { sqlOf } from "./cell-run.ts";
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
    const without = cells.filter(({ key, target }) => target.place === "submit" && jobIds[key] === undefined);
    if (without.length === 0) return;
    api
      .listJobs({ query: { model, function: "sql", limit: 100 } })
      .then(({ items }) => {
        const own = items.filter((job) => job.notebookId === notebook);
        for (const { key, source } of without) {
          const job = own.find((candidate) => sqlOf(candidate) === source);
          if (job) setJob(key, job.id);
        }
      })
      // The chips of other browsers' jobs are a courtesy; the jobs page has them.
      .catch(() => undefined);
  }, [notebook, model, cells, jobIds, setJob]);
  return { jobIds, setJob };
}
