import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { type ProcStat, procStat } from "@teatree/shared/runtime/proc-stat";
import { z } from "zod";

/**
 * One process for ever: its id alone may be given to another. `machine` names host, boot and process namespace; null where
 * none of that can be told, and then nothing is ever proven dead.
 */
export const ProcessIdentity = z.object({
  machine: z.string().nullable(),
  pid: z.int().min(1),
  startedAt: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** This process or a living child of it; null when it is gone already, or on systems without /proc. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = procStat(pid);
  return stat === null ? null : { machine: machineName(), pid, startedAt: stat.startedAt };
}

/** As {@link identityOf}, for this process; it exists even where /proc does not. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { machine: null, pid: process.pid, startedAt: new Date().toISOString() };
}

/** True only when this machine can tell for sure; a stopped process lives, one on another machine may. */
export function isProvablyDead(process: ProcessIdentity): boolean {
  if (process.machine === null || process.machine !== machineName()) return false;
  const stat = procStat(process.pid);
  return stat === null || stat.startedAt !== process.startedAt || hasEnded(process.pid, stat);
}

function machineName(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${hostname()}/${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

/** The leader of a killed process turns zombie while its other threads may still be inside a write. */
function hasEnded(pid: number, { state }: ProcStat): boolean {
  if (state !== "Z" && state !== "X") return false;
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}
