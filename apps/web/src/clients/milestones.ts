import { useSyncExternalStore } from "react";

/** What this browser has done at least once. The checklist on home ticks by it; nothing else depends on it. */
export type Milestone = "read" | "downloaded";

const KEY = "teatree.milestones";
const CHANGED = "teatree-milestones";

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    // Storage may be forbidden; then the list just does not tick.
    return "";
  }
}

export function reachMilestone(milestone: Milestone): void {
  const reached = new Set(stored().split(" "));
  if (reached.has(milestone)) return;
  try {
    localStorage.setItem(KEY, [...reached, milestone].join(" ").trim());
  } catch {
    return;
  }
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

export function useMilestones(): ReadonlySet<string> {
  return new Set(useSyncExternalStore(subscribe, stored, () => "").split(" "));
}
