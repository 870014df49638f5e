import { readFileSync } from "node:fs";

export type ProcStat = {
  /** One letter: R, S, D, T, Z (ended, not yet collected), X. */
  state: string;
  /** In clock ticks since boot; tells a process from a later one that got the same id. */
  startedAt: string;
};

/** Linux's record of a process, fields 3 and 22 of proc_pid_stat(5). Null when there is no such process, or no /proc. */
export function procStat(pid: number): ProcStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name stands in parentheses and may hold anything, also spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startedAt: fields[19] ?? "" };
  } catch {
    return null;
  }
}
