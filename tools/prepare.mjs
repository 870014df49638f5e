import { existsSync } from "node:fs";
import { join } from "node:path";
import { alone } from "./alone.mjs";
import { checkNativeModules } from "./native-modules.mjs";
import { LOGS, ROOT } from "./paths.mjs";
import { pinnedTools } from "./pinned.mjs";
import { Explained, runQuietly } from "./run.mjs";
import { filesBelow, hashOf, stampMatches, writeStamp } from "./stamp.mjs";
import { buildWeb } from "./web-build.mjs";

/**
 * Brings a clone to where everything can run: pinned tools, dependencies, native modules, the web build.
 * What is already done is skipped.
 * @param {import("./progress.mjs").Progress} progress
 * @param {{web?: boolean}} [parts] `web: false` leaves the web build out
 */
export async function prepare(progress, { web = true } = {}) {
  requireNode18();
  return alone(progress, async () => {
    const tools = await pinnedTools(progress);
    await installDependencies(progress, tools);
    await checkNativeModules(progress, tools);
    if (web) await buildWeb(progress, tools);
    return tools;
  });
}

function requireNode18() {
  if (Number(process.versions.node.split(".")[0]) >= 18) return;
  throw new Explained(
    `Node 18 or newer is needed; this is ${process.versions.node}.\nGet one from https://nodejs.org`,
  );
}

async function installDependencies(progress, { node, pnpm, env }) {
  const stamp = join(ROOT, "node_modules", ".teatree-installed");
  const hash = hashOf(manifests(), process.platform, process.arch, readVersion(node));
  if (stampMatches(stamp, hash)) return;
  await progress.step("Installing dependencies", (detail) => install({ pnpm, env }, detail));
  writeStamp(stamp, hash);
}

async function install({ pnpm: [command, ...first], env }, detail) {
  const flags = ["--frozen-lockfile", "--reporter=append-only", "--config.confirmModulesPurge=false"];
  try {
    await runQuietly(command, [...first, "install", ...flags], {
      cwd: ROOT,
      env,
      log: join(LOGS, "install.log"),
      onLine: detail,
    });
  } catch (error) {
    throw new Explained(
      [
        "The dependencies could not be installed.",
        "If a download failed, check that this machine reaches its npm registry (`npm ping`) and run this again:",
        "what was fetched is kept. If pnpm-lock.yaml does not fit a package.json you changed, run `pnpm install`.",
        "",
        error.message,
      ].join("\n"),
    );
  }
}

function manifests() {
  const workspaces = ["apps", "packages", "playwright", "bench"].flatMap((folder) =>
    filesBelow(join(ROOT, folder)),
  );
  const nested = workspaces.filter((path) => path.endsWith("package.json"));
  const top = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc"];
  return [...top.map((name) => join(ROOT, name)).filter(existsSync), ...nested];
}

/** The path names the version of a pinned Node; a machine's own may change behind the same path. */
function readVersion(node) {
  return node === process.execPath ? process.version : node;
}
