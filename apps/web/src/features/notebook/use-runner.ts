"use client";

import { TeatreeError } from "@teatree/shared/contracts/errors";
import { type Dispatch, useCallback, useEffect, useRef } from "react";
import { reachMilestone } from "../../clients/milestones.ts";
import { api } from "../../clients/page-api.ts";
import { type DeviceProgress, keptSnapshot, runOnDevice, type SnapshotOfVersion } from "../device/index.ts";
import { FIRST_ROWS, gridData } from "../results/index.ts";
import type { Outcome } from "./cell-run.ts";
import type { Cell } from "./notebook-document.ts";
import type { NotebookEvent } from "./notebook-state.ts";
import { runPolars } from "./polars/run-polars.ts";
import { countRows, readVersion } from "./read-version.ts";
import { errorOfEngine, errorOfServer } from "./run-errors.ts";

type Place = { model: string; modelId: string };
type Report = (note: string, progress: number | null) => void;

export type Runner = {
  /** Runs a cell that reads. Resolves when it ended, however it did; true when with a result. */
  run: (cell: Cell, limit?: number) => Promise<boolean>;
  stop: (key: string) => void;
};

/** Runs cells and tells the notebook what happens. A cell that is run again stops its run before. */
export function useRunner(place: Place | null, dispatch: Dispatch<NotebookEvent>): Runner {
  const running = useRef(new Map<string, AbortController>());
  const latest = useRef(place);
  latest.current = place;
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    if (place === null) return;
    for (const go of waiting.current.splice(0)) go();
  }, [place]);

  useEffect(() => {
    const all = running.current;
    return () => {
      for (const controller of all.values()) controller.abort();
    };
  }, []);

  const stop = useCallback((key: string) => running.current.get(key)?.abort(), []);

  const run = useCallback(
    async (cell: Cell, limit = FIRST_ROWS): Promise<boolean> => {
      if (cell.target.place === "submit" || cell.source.trim() === "") return false;
      running.current.get(cell.key)?.abort();
      const controller = new AbortController();
      running.current.set(cell.key, controller);
      const { signal } = controller;
      const { key } = cell;
      const since = Date.now();
      const report: Report = (note, progress) => {
        if (!signal.aborted) dispatch({ do: "running", key, since, note, progress });
      };
      report(latest.current ? "" : "waiting for the model", null);
      try {
        // Run may be pressed before the model is read; the press still counts.
        if (!latest.current) await untilAborted(new Promise<void>((go) => waiting.current.push(go)), signal);
        const where = latest.current;
        if (!where) return false;
        const outcome = await outcomeOf(cell, where, limit, signal, report);
        if (running.current.get(key) !== controller) return false;
        dispatch(signal.aborted ? { do: "stopped", key } : { do: "outcome", key, outcome });
        if (outcome.kind !== "result") return false;
        reachMilestone("read");
        void countLater(outcome, where.model, key, signal, dispatch);
        return !signal.aborted;
      } finally {
        if (signal.aborted && running.current.get(key) === controller) dispatch({ do: "stopped", key });
      }
    },
    [dispatch],
  );
  return { run, stop };
}

/** Resolves with the promise or when the signal aborts, whichever is first. */
function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return Promise.race([
    promise,
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
  ]);
}

async function outcomeOf(
  { kind, source, target }: Cell,
  { model, modelId }: Place,
  limit: number,
  signal: AbortSignal,
  report: Report,
): Promise<Outcome> {
  if (kind === "polars") return runPolars(model, source, signal);
  const place = target.place === "device" ? "device" : "version";
  const wanted = target.place === "submit" ? "latest" : target.version;
  try {
    if (place === "version") {
      const { result, version, elapsedMs } = await readVersion(model, source, {
        version: wanted,
        limit,
        signal,
      });
      return { kind: "result", source, place, version, elapsedMs, result };
    }
    const snapshot = await snapshotOf({ model, modelId }, wanted, signal);
    const { version } = snapshot;
    const { table, truncated, elapsedMs } = await runOnDevice(snapshot, source, {
      limit,
      signal,
      onProgress: (progress) => report(...describeProgress(progress)),
    });
    const totalRows = truncated ? null : table.numRows;
    const result = { data: gridData(table), truncated, limit, totalRows };
    return { kind: "result", source, place, version, elapsedMs, result };
  } catch (error) {
    return {
      kind: "error",
      source,
      place,
      error: place === "device" ? errorOfEngine(error, source) : errorOfServer(error),
    };
  }
}

/** The version as the server names it; while that cannot be reached, what is kept on this device. */
async function snapshotOf(
  { model, modelId }: Place,
  wanted: number | "latest",
  signal: AbortSignal,
): Promise<SnapshotOfVersion> {
  const withUrl = (kept: Omit<SnapshotOfVersion, "url">) => ({
    ...kept,
    url: api.snapshotUrl(model, kept.version),
  });
  try {
    const { version, hash, bytes } = await api.getVersion({ params: { model, version: wanted } }, { signal });
    return withUrl({ modelId, version, hash, bytes });
  } catch (error) {
    const away = error instanceof TeatreeError && error.code === "unavailable";
    const kept = away ? await keptSnapshot(modelId, wanted) : null;
    if (kept === null) throw error;
    return withUrl(kept);
  }
}

function describeProgress(progress: DeviceProgress): [note: string, progress: number | null] {
  switch (progress.step) {
    case "engine":
      return ["starting DuckDB in this page", null];
    case "download": {
      const { receivedBytes, totalBytes } = progress;
      const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
      return [
        `downloading ${megabytes(receivedBytes)} of ${megabytes(totalBytes)} MB`,
        totalBytes === 0 ? null : receivedBytes / totalBytes,
      ];
    }
    case "open":
      return ["opening the snapshot", null];
    case "run":
      return ["", null];
  }
}

/** The total of a cut result, once the rows themselves are on the page. */
async function countLater(
  outcome: Extract<Outcome, { kind: "result" }>,
  model: string,
  key: string,
  signal: AbortSignal,
  dispatch: Dispatch<NotebookEvent>,
): Promise<void> {
  // Counting a Polars result would be computing it again.
  if (!outcome.result.truncated || outcome.polars) return;
  const totalRows = await countRows(model, outcome.source, outcome.version, signal);
  if (totalRows !== null && !signal.aborted)
    dispatch({ do: "counted", key, result: outcome.result, totalRows });
}
