import { join } from "node:path";
import { command } from "./command.mjs";
import { ROOT } from "./paths.mjs";
import { prepare } from "./prepare.mjs";
import { runInFront } from "./run.mjs";

await command(async (progress, args) => {
  const { node, env } = await prepare(progress, { web: false });
  const script = join(ROOT, "apps", "manager", "src", "rebuild-main.ts");
  return runInFront(node, [script, ...args], { cwd: process.cwd(), env });
});
