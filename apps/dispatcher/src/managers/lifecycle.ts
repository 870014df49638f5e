/** All that decides what to do for a model that needs its manager. */
export interface ManagerSituation {
  /**
   * What the control database says: `none` – no live lease; `starting` – a live lease without an address yet;
   * `ready` – a live lease and an address; `suspect` – the same, but the address did not answer.
   */
  lease: "none" | "starting" | "ready" | "suspect";
  /** The manager this dispatcher launched; `overdue`: it runs without a lease for longer than it may take. */
  ours: "none" | "running" | "overdue";
  /** A failed start is not repeated before this is over. */
  backingOff: boolean;
}

/** `replace`: end ours by force, then launch. */
export type ManagerStep = "use" | "wait" | "launch" | "replace";

/**
 * What to do next for a model that needs its manager.
 * A launch beside a live manager does no harm: it finds the lease held and exits. A manager that was killed leaves a
 * live lease behind, and only a new one on the same machine can prove that its holder is dead; hence `suspect`
 * launches instead of waiting for the lease to run out.
 */
export function nextStep({ lease, ours, backingOff }: ManagerSituation): ManagerStep {
  if (lease === "ready") return "use";
  if (ours === "running") return "wait";
  if (lease === "starting") return "wait";
  if (backingOff) return "wait";
  if (ours === "overdue") return "replace";
  return "launch";
}

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;

/** How long to wait after the n-th failed start in a row (from 1), in milliseconds. */
export function startBackoffMs(failures: number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.max(0, failures - 1));
}
