import { execFile } from "node:child_process";

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  timeoutMs?: number;
  /** Asks the program to end; the promise still settles only when it has. */
  signal?: AbortSignal;
}

/**
 * Runs a program to its end and gives its standard output.
 * Throws with what it wrote to standard error when it fails, is missing, or takes longer than `timeoutMs`.
 */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { timeoutMs = 60_000, signal, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { ...rest, timeout: timeoutMs, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        signal?.removeEventListener("abort", end);
        if (error === null) resolve(stdout);
        else reject(new Error(`${command}: ${stderr.trim() || error.message}`, { cause: error }));
      },
    );
    const end = () => void child.kill("SIGTERM");
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true });
  });
}
