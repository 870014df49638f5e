import { join } from "node:path";
import { command } from "./command.mjs";
import { ROOT } from "./paths.mjs";
import { prepare } from "./prepare.mjs";
import { runInFront } from "./run.mjs";

await command(async (progress, args) => {
  const { node, env } = await prepare(progress);
  return runInFront(node, [join(ROOT, "bench", "run.ts"), ...args], { cwd: ROOT, env });
});
