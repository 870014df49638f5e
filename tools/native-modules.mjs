import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { Explained, runQuietly } from "./run.mjs";

/** Modules with compiled parts. An install can succeed without the right binary; the first use would fail then. */
const NATIVE = [
  { name: "@duckdb/node-api", from: "apps/manager", use: "runs the models" },
  { name: "nodejs-polars", from: "apps/manager", use: "runs transforms" },
];

/** Loads each native module under the Node that will use it, and says clearly which does not load and why. */
export async function checkNativeModules(progress, { node, env }) {
  const failures = [];
  for (const { name, from, use } of NATIVE) {
    const cwd = join(ROOT, from);
    if (!existsSync(cwd)) continue;
    const script = `await import(${JSON.stringify(name)})`;
    try {
      await runQuietly(node, ["--input-type=module", "-e", script], { cwd, env });
    } catch (error) {
      const reason =
        /^(?:\w*Error.*|.*cannot open shared object.*)$/m.exec(error.message)?.[0] ?? error.message;
      failures.push(`${name} (${use}): ${reason.trim()}`);
    }
  }
  if (failures.length === 0) return;
  progress.warn("A native module does not load");
  throw new Explained(
    [
      "Native modules do not load on this machine:",
      ...failures.map((failure) => `  ${failure}`),
      `This is ${process.platform} on ${process.arch}. Remove node_modules and run this again;`,
      "if it stays so, there is no binary for this machine (an old glibc, or an unusual processor).",
    ].join("\n"),
  );
}
