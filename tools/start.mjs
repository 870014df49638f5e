import { join } from "node:path";
import { command } from "./command.mjs";
import { ROOT } from "./paths.mjs";
import { prepare } from "./prepare.mjs";
import { runInFront, whenInterruptedExitWith } from "./run.mjs";

whenInterruptedExitWith(0);
await command(async (progress) => {
  const { node, env } = await prepare(progress);
  return runInFront(node, [join(ROOT, "packages", "local-stack", "src", "start.ts")], {
    cwd: process.cwd(),
    env,
  });
});
