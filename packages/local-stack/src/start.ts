import { exitWithParent } from "@teatree/shared/runtime/shutdown";
import { failure, terminalProgress } from "../../../tools/progress.mjs";
import { readSettings, startedBy } from "./env.ts";
import { isLoopback, StartError } from "./settings.ts";
import { startStack } from "./stack.ts";

/** `npm start`: ends with exit code 0 when it was asked to stop, 1 when it could not start. */
async function main(): Promise<number> {
  const progress = terminalProgress();
  const stopAsked = new AbortController();
  // Ctrl+C reaches every process of the terminal, and those above pass it on: more than one may arrive.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stopAsked.abort(new Error(signal)));
  }
  const parent = startedBy();
  if (parent !== null)
    exitWithParent(parent, () => stopAsked.abort(new Error("the starting process is gone")));
  // The terminal may be gone before we are.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  try {
    const settings = readSettings();
    if (!isLoopback(settings.host)) {
      progress.warn(
        `HOST=${settings.host}: other machines can reach this, and the link's token is all it takes`,
      );
    }
    const stack = await startStack(settings, progress, stopAsked.signal);
    process.stdout.write(`\nTeatree is ready: ${stack.link}\n`);
    await aborted(stopAsked.signal);
    process.stdout.write("\n");
    await progress.step("Stopping", () => stack.stop());
    return 0;
  } catch (error) {
    if (stopAsked.signal.aborted) return 0;
    failure(error instanceof Error ? describe(error) : String(error));
    return 1;
  }
}

function describe(error: Error): string {
  if (error instanceof StartError) return error.message;
  return `Teatree could not start: ${error.message}\nThe logs of its parts lie in the folder \`logs\` of its home.`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

process.exit(await main());
