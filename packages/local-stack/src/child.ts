import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";

const TAIL_LINES = 20;

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Receives everything the child prints. */
  log?: Writable;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  /** Settles when the process has ended, however it ended. */
  readonly exited: Promise<Exit>;
  /** True until the process has ended. */
  running(): boolean;
  /** The last lines it printed, for an error message. */
  tail(): string[];
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, and kills it after `graceMs`. Resolves when it has ended. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Exit>;
}

/** Starts a program in its own process group: Ctrl+C of a terminal must reach the supervisor alone. */
export function startChild(command: string, args: string[], options: ChildOptions = {}): Promise<Child> {
  const { log, ...rest } = options;
  const child = spawn(command, args, { ...rest, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const tail = collectOutput(child, log);
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      if (child.pid === undefined) reject(new Error(`${command} started without a process id`));
      else resolve(handleOf(child, child.pid, exited, tail));
    });
  });
}

function collectOutput(child: ChildProcess, log: Writable | undefined): () => string[] {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => {
      log?.write(chunk);
      text = (text + chunk).slice(-16_384);
    });
  }
  return () => text.trimEnd().split("\n").slice(-TAIL_LINES);
}

function handleOf(process: ChildProcess, pid: number, exited: Promise<Exit>, tail: () => string[]): Child {
  const running = () => process.exitCode === null && process.signalCode === null;
  return {
    pid,
    exited,
    running,
    tail,
    kill: (signal) => void process.kill(signal),
    async stop(signal = "SIGTERM", graceMs = 8_000) {
      if (!running()) return exited;
      process.kill(signal);
      const straggler = setTimeout(() => process.kill("SIGKILL"), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(straggler);
      }
    },
  };
}
