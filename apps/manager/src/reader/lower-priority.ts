import { readdirSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Lets others go first. On Linux a priority belongs to a thread, and new ones inherit it: the threads that the
 * runtime started before this line are told one by one.
 */
export function lowerPriority(nice: number): void {
  setPriority(nice);
  if (process.platform !== "linux") return;
  for (const thread of readdirSync("/proc/self/task")) {
    try {
      setPriority(Number(thread), nice);
    } catch {
      // It ended meanwhile.
    }
  }
}
