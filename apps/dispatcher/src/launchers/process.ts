import { spawn } from "node:child_process";
import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { LaunchedExit, LaunchedManager, Launcher } from "./launcher.ts";

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

export interface ProcessLauncherOptions {
  /** The manager's program file, run by the same Node. */
  entry: string;
  environment: NodeJS.ProcessEnv;
  /** Each model's manager logs to `manager-<model>.log` in it. */
  logFolder: string;
}

/**
 * Starts managers as processes of this machine. Each has its own process group and goes on when this dispatcher is
 * killed (the next one finds it in the control database); an orderly `close` ends those that it started.
 */
export function createProcessLauncher(options: ProcessLauncherOptions): Launcher {
  const launched = new Set<LaunchedManager>();
  return {
    async launch(modelId) {
      const manager = await startProcess(modelId, options);
      launched.add(manager);
      void manager.exited.then(() => launched.delete(manager));
      return manager;
    },
    async close(graceMs) {
      await Promise.all([...launched].map((manager) => manager.stop(graceMs)));
    },
  };
}

async function startProcess(modelId: ModelId, options: ProcessLauncherOptions): Promise<LaunchedManager> {
  await mkdir(options.logFolder, { recursive: true });
  const log = await openLog(join(options.logFolder, `manager-${modelId}.log`));
  try {
    const child = spawn(process.execPath, [options.entry], {
      env: { ...options.environment, TEATREE_MODEL_ID: modelId },
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    const exited = new Promise<LaunchedExit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    const running = () => child.exitCode === null && child.signalCode === null;
    return { id: String(child.pid), exited, running, stop: (graceMs) => stopChild(child, exited, graceMs) };
  } finally {
    await log.close();
  }
}

/** Keeps the log before this one, so that no model's log grows for ever. */
async function openLog(path: string): Promise<FileHandle> {
  const bytes = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (bytes > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
  return open(path, "a");
}

async function stopChild(
  child: { kill(signal: NodeJS.Signals): boolean },
  exited: Promise<LaunchedExit>,
  graceMs: number,
): Promise<void> {
  if (graceMs > 0) child.kill("SIGTERM");
  const straggler = setTimeout(() => child.kill("SIGKILL"), graceMs);
  try {
    await exited;
  } finally {
    clearTimeout(straggler);
  }
}
