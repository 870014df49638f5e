import { failure, terminalProgress } from "./progress.mjs";
import { Explained } from "./run.mjs";

/** Runs a command of this folder: its number becomes the exit code, its explained errors are shown without a stack. */
export async function command(main) {
  const progress = terminalProgress();
  try {
    process.exitCode = await main(progress, process.argv.slice(2));
  } catch (error) {
    failure(error instanceof Explained ? error.message : String(error.stack ?? error));
    process.exitCode = 1;
  }
}
