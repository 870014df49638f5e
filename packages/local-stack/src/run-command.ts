import { execFile } from "node:child_process";

/**
 * Runs a program to its end and gives its standard output.
 * Throws with what it wrote to standard error when it fails, is missing, or takes longer than `timeoutMs`.
 */
export function runCommand(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number; timeoutMs?: number } = {},
): Promise<string> {
  const { timeoutMs = 60_000, ...rest } = options;
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...rest, timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command}: ${stderr.trim() || error.message}`, { cause: error }));
    });
  });
}
