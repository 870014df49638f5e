import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { procStat } from "@teatree/shared/runtime/proc-stat";
import { runCommand } from "./run-command.ts";

/** A process that cannot be confused with a later one that got the same id. */
export interface ProcessIdentity {
  pid: number;
  /** As the system tells it; only good for comparing. */
  startedAt: string;
}

/** Who has this process id now; null when nobody has, or the process has ended and only waits to be collected. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = process.platform === "linux" ? fromProc(pid) : await fromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

function fromProc(pid: number): string | null {
  const stat = procStat(pid);
  return stat === null || stat.state === "Z" || stat.state === "X" ? null : stat.startedAt;
}

async function fromPs(pid: number): Promise<string | null> {
  const started = await runCommand("ps", ["-o", "lstart=", "-p", String(pid)]).catch(() => "");
  return started.trim() || null;
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startedAt === identity.startedAt;
}

const KILL_MS = 2_000;

/** Ends processes: asks with `signal`, waits up to `graceMs`, then kills. Those that are gone already do no harm. */
export async function endAll(
  identities: ProcessIdentity[],
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  for (const { pid } of await stillRunning(identities)) sendSignal(pid, signal);
  const left = await runningAfter(identities, graceMs);
  for (const { pid } of left) sendSignal(pid, "SIGKILL");
  // A killed process is gone only when the system has taken its files and locks back.
  await runningAfter(left, KILL_MS);
}

/** Those that still run when all have ended or the time is over. */
async function runningAfter(identities: ProcessIdentity[], limitMs: number): Promise<ProcessIdentity[]> {
  const deadline = performance.now() + limitMs;
  let left = await stillRunning(identities);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(25);
    left = await stillRunning(left);
  }
  return left;
}

async function stillRunning(identities: ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const running = await Promise.all(identities.map(isRunning));
  return identities.filter((_, index) => running[index]);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

/**
 * Processes whose environment holds `name=value`: finds what children of children started.
 * Linux only; elsewhere it finds none, and what the children started must notice by itself that they are gone.
 */
export async function markedProcesses(name: string, value: string): Promise<ProcessIdentity[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const marked = await Promise.all(pids.map((pid) => hasMark(pid, `${name}=${value}`)));
  const found = await Promise.all(pids.filter((_, index) => marked[index]).map(identify));
  return found.filter((identity) => identity !== null).filter(({ pid }) => pid !== process.pid);
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").includes(mark);
}

/** The values that variable has in the environments of running processes. Linux only, like `markedProcesses`. */
export async function marksInUse(name: string): Promise<string[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")),
  );
  const entries = environments.flatMap((text) => text.split("\0"));
  const values = entries
    .filter((entry) => entry.startsWith(`${name}=`))
    .map((entry) => entry.slice(name.length + 1));
  return [...new Set(values)];
}
