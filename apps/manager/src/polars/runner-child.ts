import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { childCommand, type RunFolders } from "./launch.ts";
import { familyOf } from "./process-memory.ts";
import { type ChildAnswer, ChildMessage, type PolarsRequest } from "./protocol.ts";

const STDERR_KEPT = 4000;

/** A process for one run, in folders of its own. */
export interface RunnerChild {
  pid: number;
  folders: RunFolders;
  /** Resolves once Polars and QuickJS are loaded; rejects when the process ended before. */
  ready: Promise<void>;
  /** Sends the one request. Rejects with the child's own error, or with what `whyEnded` makes of its end. */
  run(request: PolarsRequest): Promise<ChildAnswer>;
  /** Ends it and all that came of it, and removes its folders. */
  end(): Promise<void>;
}

export async function startRunnerChild(options: {
  scratchDir: string;
  threads: number;
  memoryLimitBytes: number;
  wrapped: boolean;
}): Promise<RunnerChild> {
  await mkdir(options.scratchDir, { recursive: true });
  const home = await mkdtemp(join(options.scratchDir, "run-"));
  const folders = { tables: join(home, "tables"), result: join(home, "result") };
  await Promise.all([mkdir(folders.tables), mkdir(folders.result)]);
  const [command = "", ...args] = childCommand({ ...options, folders });
  const child = spawn(command, args, {
    cwd: folders.result,
    env: { POLARS_MAX_THREADS: `${options.threads}` },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const said = keepStderr(child);
  const gone = new Promise<TeatreeError>((resolve) => {
    child.on("error", (error) =>
      resolve(new TeatreeError("crashed", "The Polars process could not start.", { cause: error })),
    );
    child.on("exit", (code, signal) => resolve(endError(signal ?? code, said())));
  });
  const next = nextMessage(child, gone);
  const ready = next().then((message) => {
    if (!("ready" in message)) throw new TeatreeError("internal", "The Polars process spoke out of turn.");
  });
  // Nobody may be waiting for a spare child when it dies.
  ready.catch(() => undefined);

  return {
    pid: child.pid ?? 0,
    folders,
    ready,
    async run(request) {
      const answered = next();
      child.send(request, (error) => error && child.kill("SIGKILL"));
      const message = await answered;
      if ("failure" in message) throw TeatreeError.fromBody(message.failure, 500);
      if ("answer" in message) return message.answer;
      throw new TeatreeError("internal", "The Polars process spoke out of turn.");
    },
    async end() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        // Innermost first: a wrapper that dies before its child would leave it to nobody.
        for (const pid of (await familyOf(child.pid)).reverse()) killIfThere(pid);
      }
      await gone;
      await rm(home, { recursive: true, force: true });
    },
  };
}

function nextMessage(child: ChildProcess, gone: Promise<TeatreeError>): () => Promise<ChildMessage> {
  return () =>
    new Promise((resolve, reject) => {
      child.once("message", (message) => {
        const parsed = ChildMessage.safeParse(message);
        if (parsed.success) resolve(parsed.data);
        else reject(new TeatreeError("internal", "The Polars process said something unknown."));
      });
      gone.then(reject);
    });
}

function keepStderr(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (chunk: string) => {
    text = (text + chunk).slice(-STDERR_KEPT);
  });
  return () => text;
}

/** The reason of an end that nobody here asked for. */
function endError(reason: unknown, stderr: string): TeatreeError {
  if (/memory allocation of|out of memory|cannot allocate memory/i.test(stderr)) return outOfMemory();
  return new TeatreeError("crashed", "The Polars process died.", {
    cause: new Error(`${reason}: ${stderr}`),
  });
}

export function outOfMemory(): TeatreeError {
  return new TeatreeError(
    "out_of_memory",
    "This needs more memory than Polars may use here. Work on fewer rows at once.",
  );
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
