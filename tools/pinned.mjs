import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { LOGS, TOOLS } from "./paths.mjs";
import { Explained, runQuietly } from "./run.mjs";

export const NODE_VERSION = "24.21.0";
export const PNPM_VERSION = "11.28.11";

const MODULES = join(TOOLS, "node", "node_modules");
const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "win-x64"];

/**
 * The Node and pnpm that everything runs under. A machine whose own Node is of the same major keeps it;
 * any other gets the pinned one from npm, into `.tools/`, without touching the system.
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<{node: string, pnpm: string[], env: NodeJS.ProcessEnv}>} `pnpm` is a command with its first arguments
 */
export async function pinnedTools(progress) {
  const ownNode = process.versions.node.split(".")[0] === NODE_VERSION.split(".")[0];
  const packages = [{ name: "pnpm", version: PNPM_VERSION }];
  if (!ownNode) packages.unshift({ name: nodePackage(), version: NODE_VERSION });
  const missing = packages.some(({ name, version }) => installedVersion(name) !== version);
  if (missing) {
    const label = packages
      .map(({ name, version }) => `${name === "pnpm" ? "pnpm" : "Node"} ${version}`)
      .join(" and ");
    await progress.step(`Fetching ${label}`, () => install(packages));
  }
  const node = ownNode ? process.execPath : nodeProgram(join(MODULES, nodePackage()));
  if (missing) await checkRuns(node);
  if (process.platform !== "win32" && !existsSync(join(TOOLS, "bin", "pnpm"))) linkForPeople(node);
  const env = {
    ...process.env,
    PATH: [dirname(node), join(MODULES, ".bin"), process.env.PATH].join(delimiter),
  };
  return { node, pnpm: [node, join(MODULES, "pnpm", "bin", "pnpm.mjs")], env };
}

/** `.tools/bin` on PATH gives who works on Teatree the same Node and pnpm by hand. */
function linkForPeople(node) {
  const bin = join(TOOLS, "bin");
  mkdirSync(bin, { recursive: true });
  const programs = { node, pnpm: join(MODULES, "pnpm", "bin", "pnpm.mjs") };
  for (const [name, target] of Object.entries(programs)) {
    rmSync(join(bin, name), { force: true });
    symlinkSync(relative(bin, target), join(bin, name));
  }
}

function nodePackage() {
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  if (PLATFORMS.includes(platform)) return `node-${platform}`;
  throw new Explained(
    `There is no pinned Node for ${platform}.\nInstall Node ${NODE_VERSION} yourself and run this again with it.`,
  );
}

function nodeProgram(folder) {
  return process.platform === "win32" ? join(folder, "bin", "node.exe") : join(folder, "bin", "node");
}

function installedVersion(name) {
  const path = join(MODULES, name, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : null;
}

async function install(packages) {
  const folder = dirname(MODULES);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const flags = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error"];
  const wanted = packages.map(({ name, version }) => `${name}@${version}`);
  const [command, ...first] = npmCommand();
  try {
    await runQuietly(
      command,
      [...first, "install", "--prefix", folder, ...flags, "--save-exact", ...wanted],
      {
        cwd: folder,
        env: cleanEnvironment(),
        log: join(LOGS, "pinned-tools.log"),
      },
    );
  } catch (error) {
    throw new Explained(
      [
        `${wanted.join(" and ")} could not be fetched from npm.`,
        "Check that this machine reaches its npm registry (`npm ping`; behind a proxy: `npm config set proxy …`),",
        `or install Node ${NODE_VERSION} yourself; then run this again: what is already there is kept.`,
        "",
        error.message,
      ].join("\n"),
    );
  }
}

/** The npm that runs us, when it tells; else the one on PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own?.endsWith("npm-cli.js")) return [process.execPath, own];
  return [process.platform === "win32" ? "npm.cmd" : "npm"];
}

/** `npm start` hands its own project's settings down; they would steer the npm inside away from `.tools`. */
function cleanEnvironment() {
  const steering = /^npm_(package_|lifecycle_|config_(local_prefix|prefix|global_prefix|workspace))/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

async function checkRuns(node) {
  try {
    await runQuietly(node, ["--version"]);
  } catch (error) {
    throw new Explained(
      `The pinned Node does not run on this machine (is it glibc 2.28 or newer?).\nInstall Node ${NODE_VERSION} yourself and run this again with it.\n\n${error.message}`,
    );
  }
}
