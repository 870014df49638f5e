/** What lies in a model's work folder, and who last worked there. */
export type EpochDir = {
  epoch: number;
  /** A live file is there. */
  hasFile: boolean;
  /** Whoever could still write to it is proven dead. */
  abandoned: boolean;
};

export type WorkDirPlan =
  | { kind: "fresh" }
  /** Go on in the folder of an earlier epoch: its ledger may be ahead of the control database. */
  | { kind: "adopt"; from: number }
  /** Begin with a copy of the last published version; what came after it is read from the queue again. */
  | { kind: "clone" };

/**
 * Where a new epoch gets its live file from. Only the folder of the newest epoch may be taken over, only when its writer is
 * proven dead, and only if nobody published since from elsewhere: `publishedBy` is the epoch of the current version, null
 * when there is none.
 */
export function planWorkDir(dirs: EpochDir[], publishedBy: number | null): WorkDirPlan {
  const newest = dirs.toSorted((a, b) => b.epoch - a.epoch)[0];
  const behind = newest !== undefined && newest.epoch < (publishedBy ?? 0);
  if (newest?.hasFile && newest.abandoned && !behind) return { kind: "adopt", from: newest.epoch };
  return publishedBy === null ? { kind: "fresh" } : { kind: "clone" };
}
